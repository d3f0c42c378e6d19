import type { ApiError } from '../api/api-error.js';
import { strings } from '../strings.js';

interface ErrorNoticeProps {
  readonly error: Pick<ApiError, 'message' | 'remedy'>;
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** What went wrong and what to do about it. */
export function ErrorNotice({ error, title, onRetry }: ErrorNoticeProps) {
  return (
    <div className="notice notice--bad" role="alert">
      <p>
        <strong>{title ?? error.message}</strong> {title === undefined ? '' : error.message} {error.remedy}
      </p>
      {onRetry !== undefined && (
        <button type="button" className="button button--quiet" onClick={onRetry}>
          {strings.tryAgain}
        </button>
      )}
    </div>
  );
}
