import { type ReactNode, useId } from 'react';
import type { ApiError } from '../api/api-error.js';
import { strings } from '../strings.js';
import { ErrorNotice } from './error-notice.js';

interface PanelProps {
  readonly title: string;
  /** Beside the title. */
  readonly tools?: ReactNode;
  readonly hint?: string | undefined;
  readonly error?: ApiError | null;
  readonly onRetry?: () => void;
  readonly isLoading?: boolean;
  readonly className?: string;
  readonly children?: ReactNode;
}

/** A titled card with what it holds, or why it holds nothing. */
export function Panel(props: PanelProps) {
  const { title, tools, hint, error = null, onRetry, isLoading = false, className = '', children } = props;
  const id = useId();
  return (
    <section className={`card part ${className}`} aria-labelledby={id}>
      <header className="panel__head">
        <h2 id={id}>{title}</h2>
        {tools}
      </header>
      {hint !== undefined && <p className="fine">{hint}</p>}
      {error !== null && (
        <ErrorNotice
          error={error}
          title={strings.value.page.loadFailed}
          {...(onRetry === undefined ? {} : { onRetry })}
        />
      )}
      {isLoading && error === null && <p className="soft">{strings.loading}…</p>}
      {children}
    </section>
  );
}
