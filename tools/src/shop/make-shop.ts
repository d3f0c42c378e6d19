import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Vision } from '@regulars/vision';
import { type Clip, readClip } from './clips.js';
import { compose, type TrueFrame } from './compose.js';
import { FilmWriter } from './film-writer.js';
import type { ClipFile } from './people-file.js';
import { Random } from './random.js';
import { drawScenery } from './scenery.js';
import { planShop, type PlannedPass } from './schedule.js';
import { type Pass, SEEN_SHARE, type ShopTruth, TRUTH_FILE, visitsOf } from './truth.js';

export interface ShopOptions {
  readonly clips: readonly ClipFile[];
  readonly minutes: number;
  readonly cameras: number;
  readonly seed: number;
  readonly reentrySeconds: number;
  readonly out: string;
}

export interface ShopParts {
  readonly ffmpeg: string;
  readonly vision: Vision;
  readonly say: (line: string) => void;
}

/** The rate at which cameras are looked at unless they are told otherwise. */
const FPS = 5;
const SIZE = { widthPx: 1_280, heightPx: 720 } as const;
/** When the films begin. */
const STARTED_AT = '2026-03-02T09:00:00.000Z';
/** Widths of faces in the films; a clip's own face is enlarged by a third at most. */
const FACE_WIDTHS = { least: 48, most: 120, enlarged: 1.35 } as const;
const LONGEST_OUTAGE_MS = 60_000;
/** Photographs a person is enrolled by. */
const PHOTOGRAPHS = 3;

interface Person {
  readonly person: string;
  readonly shown: readonly Clip[];
  readonly photographs: readonly Uint8Array[];
}

/** Composes a shop: the films of its cameras, photographs to enrol people by, and last the ground truth, so that
 *  a folder with it is whole.
 *  @throws Error naming the clip or file that will not do */
export async function makeShop(options: ShopOptions, parts: ShopParts): Promise<ShopTruth> {
  const { out, seed, cameras: count } = options;
  await mkdir(out, { recursive: true });
  await rm(join(out, TRUTH_FILE), { force: true });
  const people = await readPeople(options, parts);
  const random = new Random(seed);
  const cameraIds = Array.from({ length: count }, (_, index) => `camera-${index + 1}`);
  const [durationMs, reentryMs] = [options.minutes * 60_000, options.reentrySeconds * 1_000];
  const visitors = people.map(({ person, shown }) => {
    const most = Math.min(...shown.map(({ faceWidthPx }) => faceWidthPx)) * FACE_WIDTHS.enlarged;
    const faceWidths = [FACE_WIDTHS.least, Math.min(FACE_WIDTHS.most, most)] as const;
    return { person, clips: shown.length, faceWidths };
  });
  const planned = planShop({ visitors, cameraIds, durationMs, reentryMs, ...SIZE }, random);
  const clipsOf = new Map(people.map(({ person, shown }) => [person, shown]));
  const cameras: ShopTruth['cameras'] = [];
  for (const cameraId of cameraIds) {
    const film = `${cameraId}.mp4`;
    const passes = planned.filter((pass) => pass.cameraId === cameraId);
    const scenery = drawScenery(SIZE.widthPx, SIZE.heightPx, random);
    const writer = new FilmWriter(parts.ffmpeg, join(out, film), { fps: FPS, ...SIZE });
    try {
      const frames = await compose({ scenery, passes, clipsOf, fps: FPS, durationMs }, writer);
      await writer.end();
      cameras.push({ cameraId, film, frames });
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    parts.say(`${film}: ${passes.length} passes`);
  }
  const outageMs = Math.min(LONGEST_OUTAGE_MS, durationMs / 3);
  const fromMs = 0.4 * durationMs;
  const truth: ShopTruth = {
    layout: 1,
    seed,
    fps: FPS,
    ...SIZE,
    startedAt: STARTED_AT,
    durationMs,
    reentryMs,
    people: await writePhotographs(out, people),
    cameras,
    visits: visitsSeen(cameras, planned, clipsOf, reentryMs),
    outage: { cameraId: random.pick(cameraIds), fromMs, toMs: fromMs + outageMs },
  };
  await writeFile(join(out, TRUTH_FILE), `${JSON.stringify(truth)}\n`);
  return truth;
}

/** Reads all clips; one of each person is kept for enrolment, or the first third of the only one. */
async function readPeople(
  { clips }: ShopOptions,
  { ffmpeg, vision, say }: ShopParts,
): Promise<readonly Person[]> {
  const read: Clip[] = [];
  for (const file of clips) {
    const clip = await readClip(file, { ffmpeg, vision, fps: FPS });
    say(
      `${file.clip}: ${clip.pictures.length} pictures of ${clip.person}, face ${Math.round(clip.faceWidthPx)} px`,
    );
    read.push(clip);
  }
  return [...new Set(clips.map(({ person }) => person))].map((person) => {
    const [first, ...others] = read.filter((clip) => clip.person === person) as [Clip, ...Clip[]];
    if (others.length > 0) return { person, shown: others, photographs: first.photographs };
    const third = Math.ceil(first.pictures.length / 3);
    const rest = { ...first, pictures: first.pictures.slice(third) };
    return { person, shown: [rest], photographs: first.photographs.slice(0, third) };
  });
}

async function writePhotographs(out: string, people: readonly Person[]): Promise<ShopTruth['people']> {
  await mkdir(join(out, 'enrolment'), { recursive: true });
  const written: ShopTruth['people'] = [];
  for (const [index, { person, photographs }] of people.entries()) {
    const step = Math.max(1, Math.floor(photographs.length / PHOTOGRAPHS));
    const chosen = photographs.filter((_, at) => at % step === 0).slice(0, PHOTOGRAPHS);
    const enrolment = chosen.map((_, at) => `enrolment/person-${index + 1}-${at + 1}.jpg`);
    for (const [at, jpeg] of chosen.entries()) await writeFile(join(out, enrolment[at] as string), jpeg);
    written.push({ person, enrolment });
  }
  return written;
}

/** What of the script can be seen in the films. */
function visitsSeen(
  cameras: readonly { readonly cameraId: string; readonly frames: readonly TrueFrame[] }[],
  planned: readonly PlannedPass[],
  clipsOf: ReadonlyMap<string, readonly Clip[]>,
  reentryMs: number,
): ShopTruth['visits'] {
  const seen = new Map<number, Pass>();
  for (const { cameraId, frames } of cameras)
    for (const { atMs, faces } of frames)
      for (const { pass, person, visible } of faces) {
        if (visible < SEEN_SHARE) continue;
        const clip = clipsOf.get(person)?.[planned.find((one) => one.pass === pass)?.clip ?? 0]?.clip ?? '';
        seen.set(pass, { pass, cameraId, startMs: seen.get(pass)?.startMs ?? atMs, endMs: atMs, clip });
      }
  return [...clipsOf.keys()]
    .flatMap((person) => {
      const own = planned
        .filter((pass) => pass.person === person)
        .flatMap(({ pass }) => seen.get(pass) ?? []);
      return visitsOf(person, own, reentryMs);
    })
    .sort((a, b) => a.startMs - b.startMs);
}
