import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JpegSplitter, type Picture } from './jpeg-stream.js';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const between = (value: number) => [value >> 8, value & 255];

/** A segment with any payload, be it an end marker or a whole picture. */
const segment = fc
  .tuple(fc.constantFrom(0xe0, 0xe1, 0xdb, 0xc4, 0xfe), bytes(60))
  .map(([marker, payload]) => [0xff, marker, ...between(payload.length + 2), ...payload]);
const thumbnail = fc.constant([0xff, 0xe1, ...between(10), 0xff, 0xd8, 0xff, 0xd9, 0xff, 0xd8, 0xff, 0xd9]);
/** Compressed data: FF is always stuffed, restart markers may come. */
const scan = bytes(200).map((data) => [...data].flatMap((byte) => (byte === 0xff ? [0xff, 0x00] : [byte])));
const scans = fc.array(fc.tuple(scan, fc.constantFrom(0xd0, 0xd7)), { maxLength: 3 });

const picture = fc
  .record({
    head: fc.array(fc.oneof(segment, thumbnail), { maxLength: 4 }),
    startOfFrame: fc.constantFrom(0xc0, 0xc2),
    widthPx: fc.integer({ min: 1, max: 65_535 }),
    heightPx: fc.integer({ min: 1, max: 65_535 }),
    data: scans,
    fill: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ head, startOfFrame, widthPx, heightPx, data, fill }): Picture => {
    const frame = [0xff, startOfFrame, 0, 11, 8, ...between(heightPx), ...between(widthPx), 1, 1, 17, 0];
    const body = data.flatMap(([part, restart]) => [...part, 0xff, restart]);
    const start = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
    const padding = Array.from({ length: fill }, () => 0xff);
    const jpeg = [0xff, 0xd8, ...head.flat(), ...frame, ...start, ...body, ...padding, 0xff, 0xd9];
    return { jpeg: Uint8Array.from(jpeg), widthPx, heightPx };
  });

function splitInChunks(stream: Uint8Array, sizes: readonly number[]): Picture[] {
  const splitter = new JpegSplitter();
  const pictures: Picture[] = [];
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pictures.push(...splitter.push(stream.subarray(at, at + size)));
    at += size;
  }
  return pictures;
}

const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const plain = (pictures: readonly Picture[]) =>
  pictures.map(({ jpeg, widthPx, heightPx }) => ({ jpeg: [...jpeg], widthPx, heightPx }));
const chunkSizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 });

describe('JpegSplitter', () => {
  it('gives back every picture with its size, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 5 }), chunkSizes, (pictures, sizes) => {
        const found = splitInChunks(join(pictures.map(({ jpeg }) => jpeg)), sizes);
        expect(plain(found)).toEqual(plain(pictures));
      }),
    );
  });

  it('skips what is no picture before and between pictures', () => {
    const garbage = bytes(300).map((data) => data.map((byte) => (byte === 0xff ? 0 : byte)));
    fc.assert(
      fc.property(fc.array(fc.tuple(garbage, picture), { maxLength: 4 }), chunkSizes, (parts, sizes) => {
        const found = splitInChunks(join(parts.flatMap(([noise, { jpeg }]) => [noise, jpeg])), sizes);
        expect(plain(found)).toEqual(plain(parts.map(([, whole]) => whole)));
      }),
    );
  });

  it('loses a picture that is cut short in its data, and not the next one', () => {
    fc.assert(
      fc.property(picture, picture, chunkSizes, (cut, whole, sizes) => {
        const half = cut.jpeg.subarray(0, cut.jpeg.length - 2);
        const found = splitInChunks(join([half, whole.jpeg]), sizes);
        expect(plain(found)).toEqual(plain([whole]));
      }),
    );
  });

  it('holds little memory while 50 MB without a picture pass', () => {
    const patterns = [
      (index: number) => (index * 2_654_435_761) >>> 24,
      () => 0xff,
      (index: number) => [0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff][index % 6] ?? 0,
    ];
    for (const pattern of patterns) {
      const splitter = new JpegSplitter();
      const chunk = Uint8Array.from({ length: 1_000_000 }, (_, index) => pattern(index));
      for (let turn = 0; turn < 50; turn++) expect(splitter.push(chunk)).toHaveLength(0);
      expect(splitter.heldBytes).toBeLessThan(2_000_000);
    }
  });

  it('throws a picture away that does not end within 16 MB, and finds the next one', () => {
    const splitter = new JpegSplitter();
    const [whole] = fc.sample(picture, 1);
    const start = Uint8Array.from([
      ...[0xff, 0xd8, 0xff, 0xc0, 0, 11, 8, 0, 9, 0, 9, 1, 1, 17, 0],
      ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
    ]);
    splitter.push(start);
    const chunk = new Uint8Array(1_000_000).fill(7);
    for (let turn = 0; turn < 50; turn++) splitter.push(chunk);
    expect(splitter.heldBytes).toBeLessThan(40_000_000);
    expect(splitter.push(whole?.jpeg ?? chunk)).toHaveLength(1);
  });
});
