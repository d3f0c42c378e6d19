import { describe, expect, it } from 'vitest';
import { NOON, sightingId, STRANGER, visitId, visitStarted, visitView } from '../testing/a.js';
import {
  addHistory,
  addToStream,
  linesSince,
  linesToShow,
  MAIN_LINES_KEPT,
  type StreamEntry,
} from './stream.js';

function detail(number: number): StreamEntry {
  const payload = {
    kind: 'sighting-started',
    sightingId: sightingId(number),
    cameraId: 'till',
    who: STRANGER,
  } as const;
  return { id: `detail-${number}`, at: NOON, payload };
}

function main(number: number): StreamEntry {
  return { id: `main-${number}`, at: NOON, payload: visitStarted(number) };
}

function streamOf(entries: readonly StreamEntry[]): readonly StreamEntry[] {
  return entries.reduce<readonly StreamEntry[]>(addToStream, []);
}

describe('the stream of events', () => {
  it('has the newest line first', () => {
    expect(streamOf([main(1), detail(2), main(3)]).map(({ id }) => id)).toEqual([
      'main-3',
      'detail-2',
      'main-1',
    ]);
  });

  it('drops the oldest line of the same weight only', () => {
    const crowd = Array.from({ length: 500 }, (_, index) => detail(index));
    const stream = streamOf([main(1), ...crowd, main(2)]);
    expect(linesToShow(stream, false).map(({ id }) => id)).toEqual(['main-2', 'main-1']);
    const many = Array.from({ length: MAIN_LINES_KEPT + 5 }, (_, index) => main(index));
    expect(linesToShow(streamOf(many), false).at(-1)?.id).toBe('main-5');
  });

  it('counts the lines that came while it was paused', () => {
    const stream = streamOf([main(1), detail(2), main(3), detail(4), main(5)]);
    expect(linesSince(stream, linesToShow(stream, true), 'detail-2')).toBe(3);
    expect(linesSince(stream, linesToShow(stream, false), 'detail-2')).toBe(2);
  });

  it('begins with what happened before the page was opened, each visit told once', () => {
    const left = '2026-03-01T12:20:00.000Z';
    const past = [visitView(1, { endedAt: left }), visitView(2)];
    const stream = addHistory(streamOf([main(2)]), past);
    expect(stream.map(({ id }) => id)).toEqual([
      'main-2',
      `visit-ended:${visitId(1)}`,
      `visit-started:${visitId(1)}`,
    ]);
    const heardLate = addToStream(addHistory([], past), main(2));
    expect(heardLate.map(({ id }) => id)).toEqual([
      'main-2',
      `visit-ended:${visitId(1)}`,
      `visit-started:${visitId(1)}`,
    ]);
  });

  it('counts every shown line as new when it was paused while empty', () => {
    const stream = streamOf([main(1), main(2)]);
    expect(linesSince(stream, stream, null)).toBe(2);
  });
});
