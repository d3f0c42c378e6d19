import { randomBytes } from 'node:crypto';
import { type MetricLabels, RegularsError, SILENT, type Telemetry } from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { Keyring, TemplatesRepository } from '@regulars/persistence';
import { freshSqlite, type TestStore } from '@regulars/persistence/testing';
import type { FaceView } from '@regulars/vision';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ScriptedVision } from '../testing/scripted-vision.js';
import { Beside, type TakenPhotograph } from './beside.js';
import type { OpenedRecogniser } from './opened-recogniser.js';

const AT = '2026-03-01T09:00:00.000Z';
const QUALITY = { faceWidthPx: 120, sharpness: 200, yawDegrees: 0, pitchDegrees: 0, brightness: 120 };
const FACE: FaceView & { embedding: Float32Array } = {
  boxPx: { x: 0, y: 0, width: 120, height: 120 },
  score: 0.95,
  keypoints: [],
  landmarks: [],
  landmarkError: 0.03,
  quality: QUALITY,
  embedding: Float32Array.of(0, 1),
};

/** Sees one good face in a photograph, none in an empty one, and breaks on one that begins with 9. */
class OtherVision extends ScriptedVision {
  readonly dimensions = 2;
  isClosed = false;

  override async analysePhotograph(bytes?: Uint8Array): Promise<never[]> {
    if (bytes?.[0] === 9) throw new RegularsError('MODEL_MISMATCH', { model: 'other' });
    return (bytes?.length === 0 ? [] : [FACE]) as never[];
  }

  fault(): null {
    return null;
  }

  override async close(): Promise<void> {
    this.isClosed = true;
  }
}

describe('a recogniser beside the serving one', () => {
  let under: TestStore;
  let templates: TemplatesRepository;
  let beside: Beside;
  const vision = new OtherVision();
  const results: unknown[] = [];
  const telemetry: Telemetry = {
    log: SILENT.log,
    meter: {
      ...SILENT.meter,
      count: (_name, labels?: MetricLabels) => void results.push(labels?.['result']),
    },
  };

  beforeEach(async () => {
    results.length = 0;
    under = await freshSqlite();
    templates = new TemplatesRepository(under.store, new Keyring(under.store, randomBytes(32)));
    const opened = { model: 'other', vision, scoring: {} } as unknown as OpenedRecogniser;
    beside = new Beside(opened, 'candidate', templates, telemetry);
  });
  afterEach(() => under.remove());

  /** A photograph that the serving recogniser took. */
  const taken = async (...bytes: number[]): Promise<TakenPhotograph> => {
    const [templateId, customerId] = [newId('tpl'), newId('cus')];
    const embedding = Float32Array.of(1, 0);
    await templates.add({
      ...{ templateId, customerId, model: 'serving', embedding, quality: QUALITY },
      ...{ source: 'photograph', addedAt: AT },
    });
    return { templateId, customerId, bytes: Uint8Array.from(bytes), addedAt: AT };
  };

  it('makes a template of its own that names its twin, once', async () => {
    const photograph = await taken(1, 2, 3);
    beside.offer([photograph, photograph]);
    await beside.settled();
    const [own, ...others] = await templates.ofCustomer(photograph.customerId, 'other');
    expect(own).toMatchObject({ model: 'other', twinOf: photograph.templateId });
    expect(others).toEqual([]);
    expect(results).toEqual(['added', 'known']);
  });

  it('brings nothing back that was removed or erased in between', async () => {
    const [removed, erased] = [await taken(1), await taken(2)];
    await templates.removeOfCustomer(removed.customerId);
    await new Keyring(under.store, randomBytes(32)).destroy(erased.customerId, AT);
    beside.offer([removed, erased]);
    await beside.settled();
    expect(await templates.count('other')).toBe(0);
    expect(results).toEqual(['known', 'refused']);
  });

  it('hinders nothing when it sees nobody or breaks', async () => {
    const photographs = [await taken(), await taken(9), await taken(4)];
    beside.offer(photographs);
    await beside.settled();
    expect(results).toEqual(['refused', 'failed', 'added']);
  });

  it('lets photographs go that are too many to wait, and what waits when it is closed', async () => {
    const photograph = await taken(1);
    beside.offer(Array.from({ length: 45 }, () => photograph));
    expect(results).toEqual(Array.from({ length: 5 }, () => 'dropped'));
    await beside.close();
    expect(vision.isClosed).toBe(true);
    expect(await templates.count('other')).toBeLessThanOrEqual(1);
  });
});
