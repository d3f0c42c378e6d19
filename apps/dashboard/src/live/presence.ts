import type { LiveState, OpenVisit } from './live-state.js';

export interface Presence {
  /** Visits of known customers, the newest first. */
  readonly regulars: readonly OpenVisit[];
  /** Visits of everybody else. */
  readonly guests: number;
}

/** Who is in the shop now. */
export function presenceOf(visits: LiveState['visits']): Presence {
  const open = Object.values(visits);
  const regulars = open
    .filter((visit) => visit.who.kind === 'customer')
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.visitId.localeCompare(b.visitId));
  return { regulars, guests: open.length - regulars.length };
}
