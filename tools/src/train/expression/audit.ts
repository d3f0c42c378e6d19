import { createHash } from 'node:crypto';
import { decodePhotograph, type RgbImage } from '@regulars/vision';
import { DatasetError } from '../../faces-data/dataset-error.js';
import type { Dataset, LabelledPicture } from '../../faces-data/dataset.js';
import { groupsOf } from './near-duplicates.js';

/** A face of one of the two classes, decoded. */
export interface Example {
  readonly name: string;
  readonly satisfied: boolean;
  readonly person: string | null;
  readonly bytes: Uint8Array;
  readonly picture: RgbImage;
}

/** What a data set is like, before anything is trained on it. */
export interface Audit {
  readonly satisfied: number;
  readonly dissatisfied: number;
  /** Neutral and other faces, which this recipe does not learn from. */
  readonly others: number;
  readonly unlabelled: number;
  readonly labelsWithoutPicture: number;
  readonly unreadable: readonly string[];
  /** Narrower or lower than 24 px. */
  readonly tiny: readonly string[];
  /** Of even grey: no face can be on them. */
  readonly blank: readonly string[];
  /** Byte for byte like an earlier one; left out. */
  readonly copies: readonly string[];
  /** Copies whose labels differ; both are left out. */
  readonly contradictions: readonly string[];
  /** Pictures that are nearly like another; kept on one side. */
  readonly nearDuplicates: number;
  readonly persons: number;
}

export interface Audited {
  readonly audit: Audit;
  readonly examples: readonly Example[];
  /** One number per example; those that belong together share it. */
  readonly groups: Int32Array;
}

const LEAST_SIDE_PX = 24;
/** Standard deviation of the grey levels below which a picture shows nothing. */
const LEAST_DEVIATION = 4;
/** Of each class, so that each of three sides gets some. */
const LEAST_EXAMPLES = 10;

/** Decodes and examines the satisfied and dissatisfied faces of a data set, and leaves out what cannot be used.
 *  @throws DatasetError when too little is left */
export async function auditDataset(dataset: Dataset): Promise<Audited> {
  const two = dataset.pictures.filter(({ truth }) => truth === 'satisfied' || truth === 'dissatisfied');
  const left = { unreadable: [] as string[], tiny: [] as string[], blank: [] as string[] };
  const { once, copies, contradictions } = withoutCopies(two);
  const examples: Example[] = [];
  for (const { name, truth, person, bytes } of once) {
    const picture = await decodePhotograph(bytes).catch(() => null);
    if (picture === null) left.unreadable.push(name);
    else if (Math.min(picture.widthPx, picture.heightPx) < LEAST_SIDE_PX) left.tiny.push(name);
    else if (deviationOf(picture) < LEAST_DEVIATION) left.blank.push(name);
    else examples.push({ name, satisfied: truth === 'satisfied', person, bytes, picture });
  }
  const satisfied = examples.filter((example) => example.satisfied).length;
  const dissatisfied = examples.length - satisfied;
  if (Math.min(satisfied, dissatisfied) < LEAST_EXAMPLES) throw tooFew({ satisfied, dissatisfied, ...left });
  const groups = groupsOf(
    examples.map(({ picture }) => picture),
    examples.map(({ person }) => person),
  );
  const sizes = new Map<number, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const audit = {
    satisfied,
    dissatisfied,
    others: dataset.pictures.length - two.length,
    unlabelled: dataset.unlabelled,
    labelsWithoutPicture: dataset.absent.length,
    ...left,
    copies,
    contradictions,
    nearDuplicates: [...sizes.values()].filter((size) => size > 1).reduce((sum, size) => sum + size, 0),
    persons: new Set(examples.flatMap(({ person }) => person ?? [])).size,
  };
  return { audit, examples, groups };
}

interface Once {
  readonly once: readonly LabelledPicture[];
  readonly copies: readonly string[];
  readonly contradictions: readonly string[];
}

function withoutCopies(pictures: readonly LabelledPicture[]): Once {
  const byContent = new Map<string, LabelledPicture[]>();
  for (const picture of pictures) {
    const key = createHash('sha256').update(picture.bytes).digest('hex');
    byContent.set(key, [...(byContent.get(key) ?? []), picture]);
  }
  const same = [...byContent.values()];
  const agree = (some: LabelledPicture[]): boolean => some.every(({ truth }) => truth === some[0]?.truth);
  return {
    once: same.filter(agree).flatMap((some) => some.slice(0, 1)),
    copies: same.filter(agree).flatMap((some) => some.slice(1).map(({ name }) => name)),
    contradictions: same.filter((some) => !agree(some)).flatMap((some) => some.map(({ name }) => name)),
  };
}

function deviationOf({ data }: RgbImage): number {
  const mean = data.reduce((sum, level) => sum + level, 0) / data.length;
  return Math.sqrt(data.reduce((sum, level) => sum + (level - mean) ** 2, 0) / data.length);
}

interface Left {
  readonly satisfied: number;
  readonly dissatisfied: number;
  readonly unreadable: readonly string[];
  readonly tiny: readonly string[];
  readonly blank: readonly string[];
}

function tooFew({ satisfied, dissatisfied, unreadable, tiny, blank }: Left): DatasetError {
  return new DatasetError(
    'TOO_FEW',
    '--data',
    `${satisfied} satisfied and ${dissatisfied} dissatisfied faces are usable (${unreadable.length} unreadable, ${tiny.length} smaller than ${LEAST_SIDE_PX} px, ${blank.length} blank)`,
    `At least ${LEAST_EXAMPLES} of each are needed; a few hundred of each are better.`,
  );
}

/** The audit in lines of text. */
export function auditLines(audit: Audit): string[] {
  const some = (names: readonly string[]): string =>
    names.length === 0
      ? '0'
      : `${names.length} (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`;
  return [
    `satisfied ${audit.satisfied}, dissatisfied ${audit.dissatisfied}, neutral or other ${audit.others} (not learnt from)`,
    `without a label that counts ${audit.unlabelled}, labels without a picture ${audit.labelsWithoutPicture}`,
    `unreadable ${some(audit.unreadable)}, tiny ${some(audit.tiny)}, blank ${some(audit.blank)}: left out`,
    `exact copies left out ${some(audit.copies)}, copies with another label left out ${some(audit.contradictions)}`,
    `near-duplicates kept on one side ${audit.nearDuplicates}, people known ${audit.persons}`,
  ];
}
