import type { LivePayload } from '@regulars/contracts';

/** One line of the event stream; `gap` marks events that were lost for good. */
export interface StreamEntry {
  readonly id: string;
  readonly at: string;
  readonly payload: LivePayload | { readonly kind: 'gap' };
}

/** Lines kept of each weight, so that a crowd's details never push out who came and went. */
export const MAIN_LINES_KEPT = 120;
export const DETAIL_LINES_KEPT = 120;

/** Whether a line is told only when everything is asked for: single looks of a camera at a person. */
export function isDetail(payload: StreamEntry['payload']): boolean {
  switch (payload.kind) {
    case 'sighting-started':
    case 'sighting-identified':
    case 'sighting-ended':
    case 'expression':
    case 'visit-merged':
      return true;
    case 'camera':
      return payload.state === 'connecting';
    default:
      return false;
  }
}

/** The stream, newest first, with one more line and without those that are too many. */
export function addToStream(stream: readonly StreamEntry[], entry: StreamEntry): readonly StreamEntry[] {
  const detail = isDetail(entry.payload);
  const kept = detail ? DETAIL_LINES_KEPT : MAIN_LINES_KEPT;
  let count = 0;
  return [entry, ...stream].filter((line) => isDetail(line.payload) !== detail || ++count <= kept);
}

/** The stream without the name of a customer: their lines become those of a guest. */
export function forgetInStream(stream: readonly StreamEntry[], customerId: string): readonly StreamEntry[] {
  return stream.map((entry) => {
    const { payload } = entry;
    if (!('who' in payload) || payload.who.kind !== 'customer' || payload.who.customerId !== customerId) {
      return entry;
    }
    return { ...entry, payload: { ...payload, who: { kind: 'stranger' } } };
  });
}

/** The lines to show: all of them, or only who came and went and what concerns the cameras. */
export function linesToShow(stream: readonly StreamEntry[], withDetails: boolean): readonly StreamEntry[] {
  return withDetails ? stream : stream.filter((entry) => !isDetail(entry.payload));
}

/** How many of the shown lines came after a certain line of the stream.
 *  @param id the line; null for the time before the first one. Every shown line is new once it was pushed out */
export function linesSince(
  stream: readonly StreamEntry[],
  shown: readonly StreamEntry[],
  id: string | null,
): number {
  const at = id === null ? -1 : stream.findIndex((entry) => entry.id === id);
  if (at < 0) return shown.length;
  const newer = new Set(stream.slice(0, at).map((entry) => entry.id));
  return shown.filter((entry) => newer.has(entry.id)).length;
}
