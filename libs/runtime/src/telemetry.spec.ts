import { RegularsError } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { explainFailure } from './failure.js';
import { createMetrics } from './metrics.js';
import { createTelemetry, readableLine, toNestLogger } from './telemetry.js';

function telemetryInto(lines: string[], logLevel: 'debug' | 'info' = 'info') {
  return createTelemetry({
    service: 'capture',
    environment: { logLevel, logFormat: 'json' },
    metrics: createMetrics(),
    destination: { write: (line) => void lines.push(line) },
  });
}

const parse = (line: string | undefined): Record<string, unknown> => JSON.parse(line ?? '{}');

describe('the log', () => {
  it('writes one line of JSON with level, time, service, fields and message', () => {
    const lines: string[] = [];
    telemetryInto(lines).log.warn({ cameraId: 'door', droppedFrames: 3 }, 'camera stalled');
    expect(lines).toHaveLength(1);
    expect(parse(lines[0])).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'capture',
      cameraId: 'door',
      droppedFrames: 3,
      msg: 'camera stalled',
    });
  });

  it('leaves out lines below its level', () => {
    const lines: string[] = [];
    telemetryInto(lines).log.debug({}, 'detail');
    expect(lines).toEqual([]);
    telemetryInto(lines, 'debug').log.debug({}, 'detail');
    expect(lines).toHaveLength(1);
  });

  it('redacts fields, errors with their stack and causes, and the message itself', () => {
    const lines: string[] = [];
    const { log } = telemetryInto(lines);
    const cause = new Error('amqp://guest:hush@broker refused');
    const error = new RegularsError('BROKER_UNAVAILABLE', { url: 'amqp://a:hush@b' }, { cause });
    log.error({ error, headers: { Authorization: 'Bearer hush' } }, 'rtsp://a:hush@door broke');
    expect(lines.join()).not.toContain('hush');
    expect(parse(lines[0])).toMatchObject({ error: { code: 'BROKER_UNAVAILABLE' } });
  });

  it('can be read by a person as text', () => {
    const line = { time: '2026-03-01T09:00:23.600Z', level: 'info', service: 'capture', cameraId: 'door' };
    expect(readableLine(JSON.stringify({ ...line, size: { w: 1 }, msg: 'camera live' }))).toBe(
      '09:00:23 INFO  capture: camera live cameraId=door size={ w: 1 }\n',
    );
  });

  it("takes Nest's lines, its errors with their details", () => {
    const lines: string[] = [];
    const nest = toNestLogger(telemetryInto(lines).log);
    nest.log('Mapped {/v1/cameras, GET}', 'RouterExplorer');
    nest.error('broke', 'at stack', 'ExceptionsHandler');
    expect(lines).toHaveLength(1);
    expect(parse(lines[0])).toMatchObject({
      level: 'error',
      msg: 'broke',
      context: 'ExceptionsHandler',
      details: ['at stack'],
    });
  });
});

describe('explainFailure', () => {
  it('says code, fields and remedy in one line and gives 78 for a wrong configuration', () => {
    const lines: string[] = [];
    const error = new RegularsError('CONFIGURATION_INVALID', { HEALTH_PORT: 'expected a number' });
    expect(explainFailure(telemetryInto(lines).log, error, 'not started')).toBe(78);
    expect(lines).toHaveLength(1);
    expect(parse(lines[0])).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      fields: { HEALTH_PORT: 'expected a number' },
      remedy: expect.stringContaining('docs/configuration.md'),
      msg: 'not started',
    });
  });

  it('gives 1 for anything else', () => {
    const lines: string[] = [];
    const { log } = telemetryInto(lines);
    expect(explainFailure(log, new RegularsError('MODEL_MISSING'), 'not started')).toBe(1);
    expect(explainFailure(log, 'odd', 'not started')).toBe(1);
    expect(parse(lines[1])).toMatchObject({ code: 'INTERNAL', reason: 'odd' });
  });
});
