import { opposite, type Side, walk, type Waypoint } from './paths.js';
import type { Random } from './random.js';

/** Somebody who comes to the shop. */
export interface Visitor {
  readonly person: string;
  /** Clips that show the person; which one is seen changes from pass to pass. */
  readonly clips: number;
  /** Smallest and largest width of the face that the clips are good for. */
  readonly faceWidths: readonly [number, number];
}

export interface ShopPlan {
  readonly visitors: readonly Visitor[];
  readonly cameraIds: readonly string[];
  readonly durationMs: number;
  readonly reentryMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** One person's way past one camera. */
export interface PlannedPass {
  readonly pass: number;
  readonly person: string;
  readonly cameraId: string;
  readonly way: readonly Waypoint[];
  readonly enters: Side;
  /** Which of the person's clips. */
  readonly clip: number;
}

/** Passes of one visit. */
const PASSES = [1, 2, 2, 3, 3, 4] as const;
/** Shares of how somebody goes on from one camera to the next. */
const GOING_ON = { overlap: 0.15, reentry: 0.3, sameCamera: 0.15 } as const;
const OVERLAP_MS = { least: 1_000, most: 2_500 } as const;
const HAND_OFF_MS = { least: 300, most: 4_000 } as const;
/** Shares of the re-entry window: who is away for so long comes back to the same visit, or to a new one. Between
 *  them nothing is decided by a frame more or less. */
const REENTRY = { least: 0.3, most: 0.7 } as const;
/** Faces are found up to two seconds after they come and lost before they go: a gap looks longer than it is. */
const FOUND_LATE_MS = 5_000;
const ABSENCE = { least: 1.35, most: 2.2 } as const;
/** The first come within so long. */
const OPENING_MS = 12_000;
/** Share of visits that begin where and when somebody else walks, from the other side. */
const MEETING = { share: 0.45, withinMs: 12_000, aroundMs: 1_000 } as const;
const LARGEST_LIFT_PX = 22;

const startOf = ({ way }: PlannedPass): number => way[0]?.atMs ?? 0;
const endOf = (way: readonly Waypoint[]): number => way.at(-1)?.atMs ?? 0;

/** Writes the script of a shop: who walks past which camera when. People come, go from camera to camera, leave
 *  and come back within the re-entry window and after it, and walk towards each other.
 *  @returns in order of people and time */
export function planShop(plan: ShopPlan, random: Random): readonly PlannedPass[] {
  const passes: PlannedPass[] = [];
  for (const visitor of plan.visitors) planVisits(plan, visitor, passes, random);
  return passes;
}

function planVisits(plan: ShopPlan, visitor: Visitor, passes: PlannedPass[], random: Random): void {
  const { cameraIds, durationMs, reentryMs, widthPx, heightPx } = plan;
  const lift = random.between(-LARGEST_LIFT_PX, LARGEST_LIFT_PX);
  const ground = { widthPx, heightPx, faceWidths: visitor.faceWidths, lift };
  let clip = random.below(visitor.clips);
  let atMs = random.between(0, OPENING_MS);
  while (atMs < durationMs) {
    const met = random.chance(MEETING.share) ? meetingOf(passes, visitor.person, atMs, random) : null;
    let cameraId = met?.cameraId ?? (random.chance(0.7) ? (cameraIds[0] as string) : random.pick(cameraIds));
    let enters: Side = met ? opposite(met.enters) : random.pick(['left', 'right']);
    if (met) atMs = Math.max(atMs, startOf(met) + random.between(-MEETING.aroundMs, MEETING.aroundMs));
    let lastEndMs = atMs;
    for (let left = random.pick(PASSES); left > 0; left--) {
      const way = walk(atMs, enters, ground, random);
      if (endOf(way) > durationMs) return;
      clip = anotherOf(visitor.clips, clip, random);
      passes.push({ pass: passes.length, person: visitor.person, cameraId, way, enters, clip });
      const others = cameraIds.filter((id) => id !== cameraId);
      const stays = others.length === 0 || random.chance(GOING_ON.sameCamera);
      if (!stays) cameraId = random.pick(others);
      enters = random.pick(['left', 'right']);
      lastEndMs = Math.max(lastEndMs, endOf(way));
      atMs = endOf(way) + gapMs(reentryMs, stays, random);
    }
    atMs = lastEndMs + reentryMs * random.between(ABSENCE.least, ABSENCE.most);
  }
}

/** From the end of one pass to the begin of the next; negative: seen by two cameras at once. */
function gapMs(reentryMs: number, stays: boolean, random: Random): number {
  const kind = random.next();
  if (!stays && kind < GOING_ON.overlap) return -random.between(OVERLAP_MS.least, OVERLAP_MS.most);
  if (kind < GOING_ON.overlap + GOING_ON.reentry)
    return random.between(
      REENTRY.least * reentryMs,
      Math.min(REENTRY.most * reentryMs, reentryMs - FOUND_LATE_MS),
    );
  return random.between(HAND_OFF_MS.least, HAND_OFF_MS.most);
}

/** Somebody else's pass to walk into. */
function meetingOf(
  passes: readonly PlannedPass[],
  person: string,
  atMs: number,
  random: Random,
): PlannedPass | null {
  const near = passes.filter(
    (pass) => pass.person !== person && startOf(pass) >= atMs && startOf(pass) <= atMs + MEETING.withinMs,
  );
  return near.length === 0 ? null : random.pick(near);
}

/** Another clip than the one before, where there are several. */
function anotherOf(clips: number, before: number, random: Random): number {
  return clips < 2 ? 0 : (before + 1 + random.below(clips - 1)) % clips;
}
