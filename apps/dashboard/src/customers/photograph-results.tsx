import type { PhotographResult } from '@regulars/contracts';
import { BlobPicture } from '../faces/blob-picture.js';
import { strings } from '../strings.js';
import { CustomerLink } from '../ui/customer-link.js';

interface PhotographResultsProps {
  readonly photographs: readonly Blob[];
  readonly results: readonly PhotographResult[];
}

/** What became of each photograph, in words. */
export function PhotographResults({ photographs, results }: PhotographResultsProps) {
  const accepted = results.filter((result) => result.kind === 'accepted').length;
  const words = strings.photographs;
  return (
    <div role="status" className="outcome">
      <p>
        <strong>{words.result(accepted, results.length)}</strong>
      </p>
      <ul className="results">
        {results.map((result) => {
          const blob = photographs[result.index];
          return (
            <li key={result.index} className={`results__item results__item--${result.kind}`}>
              {blob !== undefined && (
                <BlobPicture
                  blob={blob}
                  label={words.photograph(result.index + 1)}
                  className="results__picture"
                />
              )}
              <p>
                {result.kind === 'accepted' ? (
                  <>
                    {words.accepted}
                    {result.knownAs !== undefined && (
                      <>
                        {' '}
                        <strong>{words.knownAs}</strong>{' '}
                        <CustomerLink customerId={result.knownAs} told={null} />
                      </>
                    )}
                  </>
                ) : (
                  <>
                    <strong>{result.message}</strong> {result.remedy}
                  </>
                )}
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
