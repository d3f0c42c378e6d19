import type { ExpressionOutcome, Instant, SatisfactionClass } from '@regulars/contracts';

/** How a face at a till looked at one instant. */
export interface TillView {
  readonly at: Instant;
  readonly class: SatisfactionClass;
}

export interface DissatisfactionRule {
  /** So long somebody must have looked dissatisfied, milliseconds. */
  readonly forMs: number;
}

/** Views of one person that are remembered: two minutes of one a second. */
export const VIEWS_KEPT = 120;
/** Fewer dissatisfied views than this are no reason to trouble anybody, however far apart they lie. */
export const LEAST_VIEWS = 3;
/** Share of the scored views that must be dissatisfied: one neutral moment in five is let pass. */
const LEAST_SHARE = 0.8;
/** A person of whom nothing could be said for so long is looked at afresh. */
export const LONGEST_GAP_MS = 5_000;

/** The view that an expression is; null when it could not be scored. */
export function viewOf(at: Instant, outcome: ExpressionOutcome): TillView | null {
  return outcome.kind === 'scored' ? { at, class: outcome.class } : null;
}

/** A person's views with one more, in order of time, each instant once, the newest kept. */
export function withView(views: readonly TillView[], view: TillView): readonly TillView[] {
  if (views.some(({ at }) => at === view.at)) return views;
  return [...views, view].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-VIEWS_KEPT);
}

/** Since when somebody has looked dissatisfied up to now: from the newest view back, no satisfied look, no gap in
 *  which nothing could be said, at least four of five views dissatisfied.
 *  @param views in order of time
 *  @returns null unless it is for as long as the rule says, and in enough views */
export function dissatisfiedSince(
  views: readonly TillView[],
  { forMs }: DissatisfactionRule,
): Instant | null {
  const newest = views.at(-1);
  if (newest?.class !== 'dissatisfied') return null;
  let since: Instant | null = null;
  let [seen, dissatisfied] = [0, 0];
  let laterMs = Date.parse(newest.at);
  for (const view of views.toReversed()) {
    const atMs = Date.parse(view.at);
    if (view.class === 'satisfied' || laterMs - atMs > LONGEST_GAP_MS) break;
    laterMs = atMs;
    seen += 1;
    if (view.class !== 'dissatisfied') continue;
    dissatisfied += 1;
    const isLong = Date.parse(newest.at) - atMs >= forMs;
    if (isLong && dissatisfied >= LEAST_VIEWS && dissatisfied / seen >= LEAST_SHARE) since = view.at;
  }
  return since;
}
