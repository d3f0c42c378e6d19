import { useState } from 'react';
import { strings } from '../strings.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { CropsPanel } from './crops-panel.js';
import { HeadsPanel } from './heads-panel.js';

/** How faces are read, and what operators say of it. */
export function SatisfactionPage() {
  const [corrections, setCorrections] = useState(0);
  return (
    <>
      <header className="section-head">
        <h1>{strings.satisfaction.title}</h1>
      </header>
      <div className="value-page">
        <ErrorBoundary>
          <HeadsPanel version={corrections} />
        </ErrorBoundary>
        <ErrorBoundary>
          <CropsPanel onCorrected={() => setCorrections((count) => count + 1)} />
        </ErrorBoundary>
      </div>
    </>
  );
}
