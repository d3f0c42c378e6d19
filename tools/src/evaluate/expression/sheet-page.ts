import type { ExpressionOutcome } from '@regulars/contracts';
import { massOf, type RgbImage } from '@regulars/vision';
import sharp from 'sharp';
import { fitted } from '../../faces-data/fit.js';
import { escaped, figure, table } from '../../faces-data/html.js';
import type { Judge } from './measure-net.js';
import type { NetScores, OpenNet } from './net.js';
import type { SeenFace } from './seen.js';

/** A face with what is said of it. */
export interface ReadFace {
  readonly name: string;
  /** 96 px square. */
  readonly picture: RgbImage;
  readonly outcome: ExpressionOutcome;
  /** Probabilities of the classes together, both views' mean. */
  readonly satisfied: number;
  readonly dissatisfied: number;
}

const SHOWN_PX = 96;
const QUALITY = 85;
const BATCH = 8;

/** Reads faces eight at a time. */
export async function readFaces(
  faces: AsyncIterable<SeenFace>,
  { net, judge }: { readonly net: Pick<OpenNet, 'score' | 'calibration'>; readonly judge: Judge },
): Promise<ReadFace[]> {
  const read: ReadFace[] = [];
  let batch: SeenFace[] = [];
  const readBatch = async (): Promise<void> => {
    const scores = await net.score(batch.map(({ picture }) => picture));
    batch.forEach(({ name, picture, quality }, index) => {
      const score = scores[index];
      if (score === undefined) return;
      const outcome = judge(score, quality, net.calibration);
      read.push({ name, picture: fitted(picture, SHOWN_PX), outcome, ...massesOf(score) });
    });
    batch = [];
  };
  for await (const face of faces) {
    batch.push(face);
    if (batch.length === BATCH) await readBatch();
  }
  if (batch.length > 0) await readBatch();
  return read;
}

function massesOf({ classes, probabilities, mirrored }: NetScores) {
  const both = { classes, probabilities: probabilities.map((p, i) => (p + (mirrored?.[i] ?? p)) / 2) };
  return { satisfied: massOf(both, 'satisfied'), dissatisfied: massOf(both, 'dissatisfied') };
}

const calledOf = ({ outcome }: ReadFace): string =>
  outcome.kind === 'scored' ? outcome.class : outcome.reason;

/** How many faces were called what. */
export function countsOf(read: readonly ReadFace[]) {
  const counts = { faces: read.length, satisfied: 0, neutral: 0, dissatisfied: 0 };
  const abstained: Record<string, number> = {};
  for (const { outcome } of read) {
    if (outcome.kind === 'scored') counts[outcome.class] += 1;
    else abstained[outcome.reason] = (abstained[outcome.reason] ?? 0) + 1;
  }
  return { ...counts, abstained };
}

/** The surest of each class, and those that are the nearest to another answer.
 *  @param most faces of each kind */
export function choose(read: readonly ReadFace[], most: number) {
  const called = (name: string) => read.filter((face) => calledOf(face) === name);
  const by = (value: (face: ReadFace) => number) => (a: ReadFace, b: ReadFace) => value(b) - value(a);
  const doubt = ({ satisfied, dissatisfied }: ReadFace) =>
    -Math.max(satisfied, dissatisfied, 1 - satisfied - dissatisfied);
  const scored = read.filter(({ outcome }) => outcome.kind === 'scored');
  return {
    satisfied: called('satisfied')
      .sort(by(({ satisfied }) => satisfied))
      .slice(0, most),
    dissatisfied: called('dissatisfied')
      .sort(by(({ dissatisfied }) => dissatisfied))
      .slice(0, most),
    doubtful: [...scored, ...called('unsure'), ...called('disagreeing')].sort(by(doubt)).slice(0, most),
  };
}

/** @returns HTML */
export async function sheetBody(read: readonly ReadFace[], most: number): Promise<string> {
  const counts = new Map<string, number>();
  for (const face of read) counts.set(calledOf(face), (counts.get(calledOf(face)) ?? 0) + 1);
  const rows = [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => [name, String(count)]);
  const { satisfied, dissatisfied, doubtful } = choose(read, most);
  const section = async (title: string, faces: readonly ReadFace[]): Promise<string> =>
    `<h2>${escaped(title)}</h2>${(await Promise.all(faces.map(figureOf))).join('')}`;
  return [
    `<p>${read.length} faces.</p>${table([['called', 'faces'], ...rows])}`,
    await section('The surest satisfied', satisfied),
    await section('The surest dissatisfied', dissatisfied),
    await section('The most doubtful', doubtful),
  ].join('\n');
}

async function figureOf(face: ReadFace): Promise<string> {
  const percent = (value: number) => `${Math.round(value * 100)} %`;
  const { name, satisfied, dissatisfied } = face;
  const lines = [
    calledOf(face),
    `+ ${percent(satisfied)}, - ${percent(dissatisfied)}`,
    name.split('/').at(-1) ?? name,
  ];
  const { data, widthPx: width, heightPx: height } = face.picture;
  const jpeg = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
  return figure(jpeg, 'image/jpeg', lines);
}
