import { strings } from '../strings.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { ImportPanel } from './import-panel.js';
import { JoinsPanel } from './joins-panel.js';
import { KeysPanel } from './keys-panel.js';

/** How sales come in: past ones from a file, new ones from tills with keys. */
export function SalesPage() {
  return (
    <>
      <header className="section-head">
        <h1>{strings.sales.title}</h1>
      </header>
      <div className="value-page">
        <ErrorBoundary>
          <ImportPanel />
        </ErrorBoundary>
        <ErrorBoundary>
          <KeysPanel />
        </ErrorBoundary>
        <div className="value-page__wide">
          <ErrorBoundary>
            <JoinsPanel />
          </ErrorBoundary>
        </div>
      </div>
    </>
  );
}
