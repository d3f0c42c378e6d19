import type { SegmentName } from '@regulars/contracts';
import { strings } from '../strings.js';
import { ErrorBoundary } from '../ui/error-boundary.js';
import { AtRiskPanel } from './at-risk-panel.js';
import { CohortsPanel } from './cohorts-panel.js';
import { LoyaltyPanel } from './loyalty-panel.js';
import { SegmentCustomers } from './segment-customers.js';
import { SegmentsPanel } from './segments-panel.js';
import { TrafficPanel } from './traffic-panel.js';

/** What customers are worth together: segments, who may leave, who comes back, when they come, who is loyal. */
export function ValuePage({ segment }: { segment: SegmentName | null }) {
  return (
    <>
      <header className="section-head">
        <h1>{strings.value.page.title}</h1>
      </header>
      <div className="value-page">
        <div className="value-page__column">
          <ErrorBoundary>
            <SegmentsPanel chosen={segment} />
          </ErrorBoundary>
          {segment !== null && (
            <ErrorBoundary>
              <SegmentCustomers key={segment} segment={segment} />
            </ErrorBoundary>
          )}
          <ErrorBoundary>
            <TrafficPanel />
          </ErrorBoundary>
        </div>
        <div className="value-page__column">
          <ErrorBoundary>
            <AtRiskPanel />
          </ErrorBoundary>
          <ErrorBoundary>
            <LoyaltyPanel />
          </ErrorBoundary>
        </div>
        <div className="value-page__wide">
          <ErrorBoundary>
            <CohortsPanel />
          </ErrorBoundary>
        </div>
      </div>
    </>
  );
}
