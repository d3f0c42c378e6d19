import type { RecogniserAgreement, RecognisersView } from '@regulars/contracts';
import { useState } from 'react';
import { useLoaded } from '../shop/use-loaded.js';
import { useShop } from '../shop/use-shop.js';
import { strings } from '../strings.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { ErrorNotice } from '../ui/error-notice.js';
import { useWork } from '../ui/use-work.js';
import { Agreement } from './recogniser-agreement.js';

/** A change of recogniser takes a moment after it was answered. */
const SETTLED_MS = 3_000;

/** Which recogniser serves; another one beside it, compared, let serve and put back. */
export function Recogniser() {
  const { value, error, retry, request } = useLoaded((api) => api.recognisers());
  const words = strings.recognisers;
  return (
    <section className="card outages" aria-labelledby="recogniser-title">
      <header className="panel__head">
        <h2 id="recogniser-title">{words.title}</h2>
      </header>
      {error !== null && <ErrorNotice error={error} onRetry={retry} />}
      {value !== null && (
        <div className="recogniser">
          <p className="fine">{words.serving(value.serving.model, value.serving.people)}</p>
          {value.pending !== null && (
            <p className="notice">{words.pending(value.pending.model, value.pending.problem)}</p>
          )}
          <Change
            view={value}
            onChanged={() => {
              request();
              setTimeout(request, SETTLED_MS);
            }}
          />
        </div>
      )}
    </section>
  );
}

interface ChangeProps {
  readonly view: RecognisersView;
  readonly onChanged: () => void;
}

function Change({ view: { beside, known, serving, unusable }, onChanged }: ChangeProps) {
  const { api } = useShop();
  const { isBusy, error: failure, run } = useWork();
  const [agreement, setAgreement] = useState<RecogniserAgreement | null>(null);
  const [asked, setAsked] = useState<'promote' | 'end' | null>(null);
  const words = strings.recognisers;
  const change = (work: () => Promise<unknown>) => run(work).then(onChanged);
  const compare = () => {
    setAgreement(null);
    return change(async () => setAgreement(await api.recogniserAgreement()));
  };
  const button = (label: string, act: () => void) => (
    <button type="button" className="chip" disabled={isBusy} onClick={act}>
      {label}
    </button>
  );
  const confirmed = async (work: Promise<unknown>) => {
    await work;
    setAsked(null);
    setAgreement(null);
    onChanged();
  };
  const others = known.filter((model) => model !== serving.model);
  return (
    <>
      {failure !== null && <ErrorNotice error={failure} />}
      {unusable.map(({ name, problem }) => (
        <p key={`${name ?? ''}${problem}`} className="notice">
          {words.unusable(name, problem)}
        </p>
      ))}
      {beside === null && others.length > 0 && (
        <Candidates
          models={others}
          isBusy={isBusy}
          onChosen={(model) => void change(() => api.addCandidate(model))}
        />
      )}
      {beside !== null && (
        <>
          <p className="fine">
            {words.beside[beside.role](beside.model, beside.people)}{' '}
            {beside.problem !== null && words.problem(beside.problem)}
          </p>
          <div className="actions actions--start">
            {button(words.compare, () => void compare())}
            {beside.role === 'former' &&
              button(words.rollBack, () => void change(() => api.rollBackRecogniser()))}
            {beside.role === 'candidate' &&
              button(words.promote, () => void compare().then(() => setAsked('promote')))}
            {button(words.end, () => setAsked('end'))}
          </div>
          {isBusy && <p className="soft">{words.working}</p>}
          {agreement !== null && <Agreement agreement={agreement} />}
        </>
      )}
      {asked === 'promote' && beside !== null && agreement !== null && (
        <ConfirmDialog
          title={words.promoteTitle(beside.model)}
          text={`${agreement.uncovered === 0 ? words.covered : words.promoteWithout(agreement.uncovered)} ${words.promoteText}`}
          confirm={words.promote}
          onClose={() => setAsked(null)}
          onConfirm={() => confirmed(api.promoteCandidate(agreement.uncoveredCustomers))}
        />
      )}
      {asked === 'end' && beside !== null && (
        <ConfirmDialog
          title={words.endTitle(beside.model)}
          text={words.endText}
          confirm={words.end}
          onClose={() => setAsked(null)}
          onConfirm={() => confirmed(api.endBeside(true))}
        />
      )}
    </>
  );
}

interface CandidatesProps {
  readonly models: readonly string[];
  readonly isBusy: boolean;
  readonly onChosen: (model: string) => void;
}

function Candidates({ models, isBusy, onChosen }: CandidatesProps) {
  const [model, setModel] = useState(models[0] ?? '');
  const words = strings.recognisers;
  return (
    <>
      <label className="field">
        <span>{words.choose}</span>
        <select value={model} onChange={(event) => setModel(event.target.value)}>
          {models.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" className="chip" disabled={isBusy} onClick={() => onChosen(model)}>
        {words.put}
      </button>
    </>
  );
}
