import { assertNever, type LivePayload, type LiveVisitor, type VisitView } from '@regulars/contracts';

/** One line of the event stream; `gap` marks events that were lost for good. */
export interface StreamEntry {
  readonly id: string;
  readonly at: string;
  readonly payload: LivePayload | { readonly kind: 'gap' };
  /** Whose sale it is was told by a camera, not by the till. */
  readonly isJoined?: true;
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
    case 'value':
      return true;
    case 'camera':
      return payload.state === 'connecting';
    case 'import':
      return payload.state === 'importing';
    default:
      return false;
  }
}

/** The stream, newest first, with one more line and without those that are too many. */
export function addToStream(stream: readonly StreamEntry[], entry: StreamEntry): readonly StreamEntry[] {
  const detail = isDetail(entry.payload);
  const kept = detail ? DETAIL_LINES_KEPT : MAIN_LINES_KEPT;
  let count = 0;
  const subject = subjectOf(entry.payload);
  const others = stream.filter((line) => line.id !== subject);
  return [entry, ...others].filter((line) => isDetail(line.payload) !== detail || ++count <= kept);
}

/** The stream with what happened before the page was opened, below what it heard itself.
 *  @param visits the newest visits */
export function addHistory(
  stream: readonly StreamEntry[],
  visits: readonly VisitView[],
): readonly StreamEntry[] {
  const heard = new Set(stream.flatMap(({ payload }) => subjectOf(payload) ?? []));
  const past = visits
    .flatMap(linesOfVisit)
    .filter(({ id }) => !heard.has(id))
    .sort((a, b) => b.at.localeCompare(a.at));
  const room = MAIN_LINES_KEPT - stream.filter(({ payload }) => !isDetail(payload)).length;
  return [...stream, ...past.slice(0, Math.max(0, room))];
}

function linesOfVisit(view: VisitView): StreamEntry[] {
  const { visitId, startedAt, endedAt, satisfaction } = view;
  const who = visitorOf(view);
  const cameraId = view.cameraIds[0];
  const payloads: (StreamEntry['payload'] & { kind: 'visit-started' | 'visit-ended' })[] = [];
  if (cameraId !== undefined) payloads.push({ kind: 'visit-started', visitId, who, startedAt, cameraId });
  if (endedAt !== null) {
    payloads.push({ kind: 'visit-ended', visitId, who, startedAt, endedAt, satisfaction });
  }
  return payloads.map((payload) => ({
    id: `${payload.kind}:${visitId}`,
    at: payload.kind === 'visit-ended' ? payload.endedAt : payload.startedAt,
    payload,
  }));
}

/** Who a listed visit is by, as a live event would tell it. */
export function visitorOf({ visitor, displayName }: VisitView): LiveVisitor {
  switch (visitor.kind) {
    case 'customer':
      return { kind: 'customer', customerId: visitor.customerId, displayName: displayName ?? '' };
    case 'pseudonym':
      return { kind: 'stranger', pseudonymId: visitor.pseudonymId };
    case 'stranger':
      return { kind: 'stranger' };
    default:
      return assertNever(visitor);
  }
}

/** What a line is about, where a list could tell of the same: also the id of the line made from a list. */
function subjectOf(payload: StreamEntry['payload']): string | null {
  return payload.kind === 'visit-started' || payload.kind === 'visit-ended'
    ? `${payload.kind}:${payload.visitId}`
    : null;
}

/** The stream after a sale without a name was joined to a visit: its line names the customer. */
export function joinInStream(
  stream: readonly StreamEntry[],
  { saleId, isJoined, who }: Extract<LivePayload, { kind: 'value' }>,
): readonly StreamEntry[] {
  if (!isJoined || saleId === null) return stream;
  return stream.map((entry) =>
    entry.payload.kind === 'sale' && entry.payload.saleId === saleId && entry.payload.who.kind !== 'customer'
      ? { ...entry, payload: { ...entry.payload, who }, isJoined: true }
      : entry,
  );
}

/** The stream without a customer: what they were worth goes, their other lines become those of a guest. */
export function forgetInStream(stream: readonly StreamEntry[], customerId: string): readonly StreamEntry[] {
  return stream.flatMap((entry) => {
    const { payload } = entry;
    if ('customerId' in payload && payload.customerId === customerId && payload.kind !== 'customer')
      return [];
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
