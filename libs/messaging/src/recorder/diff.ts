import { type RecordedEvent, readRecording } from './recording.js';

export interface ChangedEvent {
  readonly before: RecordedEvent;
  readonly after: RecordedEvent;
  /** Paths of the payload's fields that differ. */
  readonly fields: readonly string[];
}

export interface RecordingDiff {
  /** Events that are the same in both, wherever they stand. */
  readonly same: number;
  readonly added: readonly RecordedEvent[];
  readonly removed: readonly RecordedEvent[];
  readonly changed: readonly ChangedEvent[];
}

export interface DiffOptions {
  /** Names of payload fields, at any depth, that may differ: ids of random origin, for instance. */
  readonly ignore?: readonly string[];
  /** Only these events; default all. */
  readonly keys?: readonly string[];
}

/** Fields of a payload by their paths. */
function leavesOf(
  value: unknown,
  ignore: readonly string[],
  path: readonly string[] = [],
): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), JSON.stringify(value) ?? '']];
  const entries = Object.entries(value).filter(([name]) => !ignore.includes(name));
  if (entries.length === 0) return [[path.join('.'), Array.isArray(value) ? '[]' : '{}']];
  return entries.flatMap(([name, inner]) => leavesOf(inner, ignore, [...path, name]));
}

/** What an event says, whatever its id, time of sending and order of fields. */
function meaningOf({ key, payload }: RecordedEvent, ignore: readonly string[]): string {
  return JSON.stringify([key, ...leavesOf(payload, ignore).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}

/** What an event is about: its first field, which in every event is the id of its subject. */
function subjectOf({ key, payload }: RecordedEvent, ignore: readonly string[]): string {
  const first = Object.entries(payload ?? {}).find(([name]) => !ignore.includes(name));
  return JSON.stringify([key, first ?? null]);
}

/** Takes pairs of equal name out of two lists, the first with the first. */
function pairOff(
  before: readonly RecordedEvent[],
  after: readonly RecordedEvent[],
  nameOf: (event: RecordedEvent) => string,
): { pairs: [RecordedEvent, RecordedEvent][]; before: RecordedEvent[]; after: RecordedEvent[] } {
  const waiting = new Map<string, RecordedEvent[]>();
  for (const event of before) {
    const name = nameOf(event);
    const same = waiting.get(name);
    if (same === undefined) waiting.set(name, [event]);
    else same.push(event);
  }
  const pairs: [RecordedEvent, RecordedEvent][] = [];
  const unpaired = after.filter((event) => {
    const partner = waiting.get(nameOf(event))?.shift();
    if (partner !== undefined) pairs.push([partner, event]);
    return partner === undefined;
  });
  const paired = new Set(pairs.map(([partner]) => partner));
  return { pairs, before: before.filter((event) => !paired.has(event)), after: unpaired };
}

/** What changed from one list of events to another. Ids of events, times of sending, order and bytes do not
 *  matter; an event of the same kind about the same subject with other facts is a change. */
export function diffEvents(
  before: readonly RecordedEvent[],
  after: readonly RecordedEvent[],
  { ignore = [], keys }: DiffOptions = {},
): RecordingDiff {
  const wanted = ({ key }: RecordedEvent) => keys === undefined || keys.includes(key);
  const equal = pairOff(before.filter(wanted), after.filter(wanted), (event) => meaningOf(event, ignore));
  const about = pairOff(equal.before, equal.after, (event) => subjectOf(event, ignore));
  const changed = about.pairs.map(([old, recent]) => {
    const facts = new Map(leavesOf(old.payload, ignore));
    const others = new Map(leavesOf(recent.payload, ignore));
    const paths = [...new Set([...facts.keys(), ...others.keys()])];
    return {
      before: old,
      after: recent,
      fields: paths.filter((path) => facts.get(path) !== others.get(path)),
    };
  });
  return { same: equal.pairs.length, added: about.after, removed: about.before, changed };
}

async function eventsOf(file: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of readRecording(file)) events.push(event);
  return events;
}

/** What changed from one recording to another.
 *  @throws RegularsError RECORDING_INVALID */
export async function diffRecordings(
  beforeFile: string,
  afterFile: string,
  options: DiffOptions = {},
): Promise<RecordingDiff> {
  const [before, after] = await Promise.all([eventsOf(beforeFile), eventsOf(afterFile)]);
  return diffEvents(before, after, options);
}
