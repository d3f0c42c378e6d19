import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BoxPx, CameraId, Instant } from '@regulars/contracts';
import { z } from 'zod';

/** File of the ground truth in a scripted shop's folder. Every time is milliseconds since the films' common
 *  beginning, every path is relative to the folder. docs/evaluations.md describes the layout. */
export const TRUTH_FILE = 'shop.json';

const Pass = z.strictObject({
  /** Unique in the shop. */
  pass: z.int().min(0),
  cameraId: CameraId,
  /** First and last frame in which at least half of the face can be seen. */
  startMs: z.number(),
  endMs: z.number(),
  /** The clip that the person's pictures are from. */
  clip: z.string(),
});
export type Pass = z.infer<typeof Pass>;

const TrueVisit = z.strictObject({
  person: z.string(),
  startMs: z.number(),
  endMs: z.number(),
  passes: z.array(Pass).min(1),
});
export type TrueVisit = z.infer<typeof TrueVisit>;

const TrueFace = z.strictObject({
  person: z.string(),
  pass: z.int().min(0),
  /** As the detector draws a face. */
  boxPx: BoxPx,
  /** Share of the box that nothing hides: neither another person, a pillar, nor the picture's edge. */
  visible: z.number().min(0).max(1),
});
export type TrueFace = z.infer<typeof TrueFace>;

export const ShopTruth = z.strictObject({
  layout: z.literal(1),
  seed: z.int(),
  fps: z.number().positive(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  startedAt: Instant,
  durationMs: z.number().positive(),
  /** Who comes again within this time after being seen last continues the visit. */
  reentryMs: z.number().positive(),
  people: z.array(
    z.strictObject({
      person: z.string(),
      /** Photographs to enrol the person by, from pictures that no film shows. */
      enrolment: z.array(z.string()).min(1),
    }),
  ),
  cameras: z.array(
    z.strictObject({
      cameraId: CameraId,
      film: z.string(),
      /** Frames with somebody in them, in order. */
      frames: z.array(z.strictObject({ atMs: z.number(), faces: z.array(TrueFace).min(1) })),
    }),
  ),
  visits: z.array(TrueVisit),
  /** A camera that may be taken for dead; its film goes on. */
  outage: z.strictObject({ cameraId: CameraId, fromMs: z.number(), toMs: z.number() }),
});
export type ShopTruth = z.infer<typeof ShopTruth>;

/** At least this much of a face must be seen for it to count as seen. */
export const SEEN_SHARE = 0.5;

/** Joins passes of one person to visits: one that begins at most `reentryMs` after the person was last seen
 *  continues the visit. @returns in order of time */
export function visitsOf(person: string, passes: readonly Pass[], reentryMs: number): TrueVisit[] {
  const visits: TrueVisit[] = [];
  for (const pass of [...passes].sort((a, b) => a.startMs - b.startMs || a.pass - b.pass)) {
    const visit = visits.at(-1);
    if (visit && pass.startMs <= visit.endMs + reentryMs) {
      visit.passes.push(pass);
      visit.endMs = Math.max(visit.endMs, pass.endMs);
    } else {
      visits.push({ person, startMs: pass.startMs, endMs: pass.endMs, passes: [pass] });
    }
  }
  return visits;
}

/** Reads a scripted shop.
 *  @throws Error naming the file when there is none or it has another layout */
export async function readShop(folder: string): Promise<ShopTruth> {
  const path = join(folder, TRUTH_FILE);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${path} is not there; make a shop with: npm run fixtures -- shop --out ${folder} ...`);
  });
  try {
    return ShopTruth.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`${path} is no scripted shop: ${reason}`, { cause: error });
  }
}
