import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** A face that somebody marked: a point on it, and how wide its box is where boxes were drawn. */
export interface LabelledFace {
  readonly x: number;
  readonly y: number;
  readonly widthPx: number | null;
}

/** Faces by picture; a picture without faces has an empty list. */
export type LabelledFaces = ReadonlyMap<string, readonly LabelledFace[]>;

const Noses = z.object({
  images: z.record(z.string(), z.object({ noses: z.array(z.tuple([z.number(), z.number()])) })),
});

/** Reads marked faces in one of three layouts: dlib's XML (boxes), JSON
 *  `{"images":{FILE:{"noses":[[x,y],...]}}}`, or CSV with the columns `file,x,y` and, for boxes, `width,height`
 *  beside their top left corner; a line with nothing behind the file is a picture without faces.
 *  @param name of the file, whose ending tells the layout
 *  @throws Error that says which layout was expected and what is wrong */
export function readLabelledFaces(name: string, text: string): LabelledFaces {
  const faces = name.endsWith('.xml')
    ? readDlib(text)
    : name.endsWith('.json')
      ? readNoses(text)
      : readCsv(text);
  if (faces.size === 0) throw new Error(`${name} names no picture`);
  return faces;
}

function attribute(tag: string, name: string): string | null {
  return new RegExp(`\\b${name}\\s*=\\s*['"]([^'"]*)['"]`).exec(tag)?.[1] ?? null;
}

/** Boxes of dlib's imglab; those marked `ignore` are left out. */
function readDlib(text: string): LabelledFaces {
  const faces = new Map<string, LabelledFace[]>();
  let own: LabelledFace[] = [];
  for (const [tag] of text.matchAll(/<(?:image|box)\s[^>]*>/g)) {
    if (tag.startsWith('<image')) {
      own = [];
      const file = attribute(tag, 'file');
      if (file === null) throw new Error(`an <image> without a file: ${tag}`);
      faces.set(file, own);
    } else if (attribute(tag, 'ignore') !== '1') {
      const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((each) =>
        Number(attribute(tag, each) ?? NaN),
      ) as [number, number, number, number];
      if (![left, top, width, height].every(Number.isFinite)) throw new Error(`not a box: ${tag}`);
      own.push({ x: left + width / 2, y: top + height / 2, widthPx: width });
    }
  }
  return faces;
}

function readNoses(text: string): LabelledFaces {
  const parsed = Noses.safeParse(JSON.parse(text));
  if (!parsed.success)
    throw new Error(`not {"images":{FILE:{"noses":[[x,y],...]}}}: ${parsed.error.message}`);
  return new Map(
    Object.entries(parsed.data.images).map(([file, { noses }]) => [
      file,
      noses.map(([x, y]) => ({ x, y, widthPx: null })),
    ]),
  );
}

function readCsv(text: string): LabelledFaces {
  const rows = parse(text, { columns: true, trim: true, skip_empty_lines: true }) as Record<string, string>[];
  const faces = new Map<string, LabelledFace[]>();
  rows.forEach(({ file, x, y, width, height }, index) => {
    if (file === undefined || file === '')
      throw new Error(`row ${index + 1} names no file (columns: file,x,y)`);
    const own = faces.get(file) ?? [];
    faces.set(file, own);
    if (!x && !y) return;
    const numbers = [x, y, width || '0', height || '0'].map(Number) as [number, number, number, number];
    if (!numbers.every(Number.isFinite))
      throw new Error(`row ${index + 1} has a coordinate that is no number`);
    const [left, top, wide, high] = numbers;
    own.push({ x: left + wide / 2, y: top + high / 2, widthPx: wide > 0 ? wide : null });
  });
  return faces;
}
