import { METRICS, type MetricName } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { createMetrics, metricsOfProcess } from './metrics.js';

describe('createMetrics', () => {
  it('announces every declared metric with its help', async () => {
    const text = await createMetrics().text();
    for (const [name, spec] of Object.entries(METRICS)) {
      expect(text).toContain(`# HELP ${name} ${spec.help}`);
      expect(text).toContain(`# TYPE ${name} ${spec.type}`);
    }
  });

  it('keeps the services of one process apart', async () => {
    const metrics = createMetrics();
    metrics.meterOf('capture').count('regulars_frames_captured_total', { camera: 'door' }, 3);
    metrics.meterOf('gateway').count('regulars_frames_captured_total', { camera: 'door' });
    metrics.meterOf('gateway').set('regulars_live_clients', 2);
    metrics.meterOf('gateway').observe('regulars_live_delay_seconds', 0.03, { kind: 'camera' });
    const text = await metrics.text();
    expect(text).toContain('regulars_frames_captured_total{camera="door",service="capture"} 3');
    expect(text).toContain('regulars_frames_captured_total{camera="door",service="gateway"} 1');
    expect(text).toContain('regulars_live_clients{service="gateway"} 2');
    expect(text).toMatch(/regulars_live_delay_seconds_bucket\{le="0.05",kind="camera",service="gateway"\} 1/);
    expect(text).toMatch(
      /regulars_live_delay_seconds_bucket\{le="0.025",kind="camera",service="gateway"\} 0/,
    );
  });

  it('refuses undeclared, missing and surplus labels, other types and unknown names', () => {
    const meter = createMetrics().meterOf('capture');
    const wrong = [
      () => meter.count('regulars_frames_captured_total'),
      () => meter.count('regulars_frames_captured_total', { kamera: 'door' }),
      () => meter.count('regulars_frames_captured_total', { camera: 'door', url: 'x' }),
      () => meter.set('regulars_frames_captured_total', 1, { camera: 'door' }),
      () => meter.count('regulars_typo_total' as MetricName),
    ];
    for (const call of wrong) expect(call).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });

  it("collects Node's own metrics once for the process", async () => {
    expect(metricsOfProcess()).toBe(metricsOfProcess());
    const text = await metricsOfProcess().text();
    expect(text.match(/^# TYPE process_resident_memory_bytes /gm)).toHaveLength(1);
    expect(await createMetrics().text()).not.toContain('process_resident_memory_bytes');
  });
});
