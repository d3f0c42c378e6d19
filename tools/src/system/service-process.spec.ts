import { describe, expect, it } from 'vitest';
import { sumOfMetric } from './service-process.js';

const TEXT = `# HELP regulars_frames_dropped_total Frames dropped
# TYPE regulars_frames_dropped_total counter
regulars_frames_dropped_total{camera="door",where="capture"} 3
regulars_frames_dropped_total{camera="till",where="capture"} 4
regulars_frames_dropped_total{camera="door",where="broker"} 1e2
regulars_outbox_events 7
regulars_frame_age_seconds_bucket{le="0.1"} 5
regulars_frame_age_seconds_sum 1.5
`;

describe('the sum of a metric', () => {
  it('is over all labels, or those that match', () => {
    expect(sumOfMetric(TEXT, 'regulars_frames_dropped_total')).toBe(107);
    expect(sumOfMetric(TEXT, 'regulars_frames_dropped_total', 'where="capture"')).toBe(7);
    expect(sumOfMetric(TEXT, 'regulars_frames_dropped_total', 'camera="door"')).toBe(103);
  });

  it('is that of a metric without labels', () => {
    expect(sumOfMetric(TEXT, 'regulars_outbox_events')).toBe(7);
    expect(sumOfMetric(TEXT, 'regulars_frame_age_seconds_sum')).toBe(1.5);
  });

  it('counts no metric whose name only begins alike, and is 0 for one that is not there', () => {
    expect(sumOfMetric(TEXT, 'regulars_frame_age_seconds')).toBe(0);
    expect(sumOfMetric(TEXT, 'regulars_frames')).toBe(0);
  });
});
