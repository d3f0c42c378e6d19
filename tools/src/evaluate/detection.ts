import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BoxPx, messageOf } from '@regulars/contracts';
import { withVision } from '../faces/embed-pictures.js';
import { markdownTable } from './card-section.js';
import { writeCard } from './card.js';
import { type LabelledFace, readLabelledFaces } from './labelled-faces.js';

const USAGE = 'npm run evaluate -- detection --images DIR --faces FILE.xml|FILE.json|FILE.csv [--write]';
/** A box found counts as a face from this confidence: that of a face which begins a track. */
const SURE = 0.65;
/** Widths of found faces, upper ends, pixels. */
const BANDS = [24, 32, 48, 64, 96, Infinity] as const;

interface Picture {
  readonly file: string;
  readonly labelled: number;
  /** Boxes that match a labelled face. */
  readonly found: readonly BoxPx[];
  readonly missed: readonly LabelledFace[];
  readonly extra: readonly BoxPx[];
}

function contains({ x, y, width, height }: BoxPx, face: LabelledFace): boolean {
  return face.x >= x && face.x <= x + width && face.y >= y && face.y <= y + height;
}

const distance = (box: BoxPx, face: LabelledFace): number =>
  Math.hypot(box.x + box.width / 2 - face.x, box.y + box.height / 2 - face.y);

/** Pairs found boxes with labelled faces: each box with at most one face, the nearest pairs first, and only where
 *  the labelled point (the nose, or the middle of the labelled box) lies in the box. */
export function matchFaces(
  boxes: readonly BoxPx[],
  labelled: readonly LabelledFace[],
): { readonly found: BoxPx[]; readonly missed: LabelledFace[]; readonly extra: BoxPx[] } {
  const pairs = boxes
    .flatMap((box) => labelled.filter((face) => contains(box, face)).map((face) => ({ box, face })))
    .sort((a, b) => distance(a.box, a.face) - distance(b.box, b.face) || a.box.width - b.box.width);
  const [taken, met] = [new Set<BoxPx>(), new Set<LabelledFace>()];
  for (const { box, face } of pairs) {
    if (taken.has(box) || met.has(face)) continue;
    taken.add(box);
    met.add(face);
  }
  return {
    found: [...taken],
    missed: labelled.filter((face) => !met.has(face)),
    extra: boxes.filter((box) => !taken.has(box)),
  };
}

/** Measures which marked faces are found, looking as closely as at a photograph. Prints the missed and the extra
 *  ones, and one line of JSON last.
 *  @throws Error on wrong arguments or labels, RegularsError when models are missing */
export async function evaluateDetection(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string' },
      faces: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  const { images, faces } = values;
  if (images === undefined || faces === undefined) throw new Error(`usage: ${USAGE}`);
  const labels = readLabelledFaces(faces, await readFile(faces, 'utf8'));
  const pictures: Picture[] = [];
  let unreadable = 0;
  await withVision(async (vision) => {
    for (const [file, labelled] of labels) {
      try {
        const seen = await vision.analysePhotograph(await readFile(join(images, file)));
        const boxes = seen.filter(({ score }) => score >= SURE).map(({ boxPx }) => boxPx);
        pictures.push({ file, labelled: labelled.length, ...matchFaces(boxes, labelled) });
      } catch (error) {
        unreadable += 1;
        console.log(`${file}: ${messageOf(error)}`);
      }
    }
    if (pictures.length === 0) throw new Error(`no picture of ${faces} can be read below ${images}`);
    const result = summarise(pictures, unreadable);
    report(pictures);
    const rows = [
      ['pictures', 'faces', 'found', 'recall', 'extra', 'precision'],
      [result.pictures, result.faces, result.found, result.recall, result.falsePositives, result.precision],
    ];
    if (values.write)
      await writeCard('blazeface-back', 'detection', USAGE, [
        `Marked faces of ${basename(faces)}:`,
        markdownTable(rows),
      ]);
    console.log(JSON.stringify(result));
  });
}

function summarise(pictures: readonly Picture[], unreadable: number) {
  const sum = (count: (picture: Picture) => number) =>
    pictures.reduce((total, picture) => total + count(picture), 0);
  const [labelled, found, extra] = [
    sum((picture) => picture.labelled),
    sum((picture) => picture.found.length),
    sum((picture) => picture.extra.length),
  ];
  const share = (part: number, whole: number) => (whole === 0 ? null : Number((part / whole).toFixed(4)));
  return {
    pictures: pictures.length,
    unreadable,
    faces: labelled,
    found,
    recall: share(found, labelled) ?? 'none',
    falsePositives: extra,
    precision: share(found, found + extra) ?? 'none',
  };
}

function report(pictures: readonly Picture[]): void {
  for (const { file, missed, extra } of pictures) {
    for (const { x, y, widthPx } of missed)
      console.log(
        `${file}: missed at ${Math.round(x)},${Math.round(y)}${widthPx ? `, ${widthPx} px wide` : ''}`,
      );
    for (const { x, y, width } of extra)
      console.log(
        `${file}: nobody was marked at ${Math.round(x)},${Math.round(y)}, ${Math.round(width)} px wide`,
      );
  }
  let from = 0;
  for (const to of BANDS) {
    const inside = ({ width }: BoxPx) => width >= from && width < to;
    const found = pictures.flatMap((picture) => picture.found.filter(inside)).length;
    const extra = pictures.flatMap((picture) => picture.extra.filter(inside)).length;
    console.log(`found boxes ${from} to ${to} px: ${found} of marked faces, ${extra} of nobody`);
    from = to;
  }
}
