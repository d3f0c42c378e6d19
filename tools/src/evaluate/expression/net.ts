import { readFile } from 'node:fs/promises';
import {
  coveredShares,
  decodeHead,
  loadModel,
  logitsOf,
  massOf,
  mirrored,
  readManifest,
  softmaxRows,
  type ExpressionScores,
  type LoadedModel,
  type RgbImage,
} from '@regulars/vision';
import { buildModels } from '@regulars/vision/building';
import { fitted } from '../../faces-data/fit.js';

/** A net of expression classes, asked as the expression service asks it: of each face and its mirror image. */
export interface OpenNet {
  readonly name: string;
  readonly calibration: LoadedModel['entry']['calibration'];
  /** @param pictures square, from the brows to the chin, of any size */
  score(pictures: readonly RgbImage[]): Promise<readonly NetScores[]>;
  close(): Promise<void>;
}

/** With what lies under the head of the mirror image too. */
export type NetScores = ExpressionScores & { readonly mirroredFeatures?: Float32Array };

/** Opens a net by its name in the manifest; one that is not built is built. */
export async function openNet(modelsDir: string, name: string): Promise<OpenNet> {
  const known = await readManifest(modelsDir);
  const built = known.models.some((model) => model.name === name);
  const manifest = built ? known : await buildModels({ modelsDir, only: [name] });
  const model = await loadModel(manifest, name, { modelsDir, provider: 'cpu' });
  return {
    name,
    calibration: model.entry.calibration,
    score: (pictures) => scoreWith(model, pictures),
    close: () => model.release(),
  };
}

/** The seed paper's net: ImageNet's body, frozen, under a head that `train -- expression --recipe seed` made. */
export async function openSeedNet(modelsDir: string, headPath: string): Promise<OpenNet> {
  const head = decodeHead(await readFile(headPath));
  const body = await openNet(modelsDir, 'imagenet-body');
  return {
    ...body,
    name: 'seed recipe',
    score: async (pictures) =>
      (await body.score(pictures)).map(({ features = new Float32Array(), mirroredFeatures }) => ({
        classes: SEED_CLASSES,
        probabilities: softmaxRows(logitsOf(head, features), SEED_CLASSES.length),
        mirrored: softmaxRows(logitsOf(head, mirroredFeatures ?? features), SEED_CLASSES.length),
      })),
  };
}

/** In the order of the seed paper's classification report. */
export const SEED_CLASSES = ['satisfied', 'dissatisfied'];

async function scoreWith(model: LoadedModel, pictures: readonly RgbImage[]): Promise<readonly NetScores[]> {
  const classes = model.entry.classes ?? [];
  const side = model.entry.input.shape[1] ?? 1;
  const seen = pictures.map((picture) => fitted(picture, side));
  const outputs = await model.run([...seen, ...seen.map(mirrored)]);
  const logits = outputs.get('logits');
  const [first = new Float32Array()] = outputs.values();
  const all = logits ? softmaxRows(logits, classes.length, model.entry.calibration?.temperature) : first;
  const covered = coveredShares(pictures);
  const features = outputs.get('features');
  const rowOf = (values: Float32Array, index: number): Float32Array => {
    const width = values.length / (pictures.length * 2);
    return values.slice(index * width, (index + 1) * width);
  };
  return pictures.map((_, index) => ({
    classes,
    probabilities: rowOf(all, index),
    mirrored: rowOf(all, pictures.length + index),
    ...(features && {
      features: rowOf(features, index),
      mirroredFeatures: rowOf(features, pictures.length + index),
    }),
    covered: covered[index] ?? 0,
  }));
}

/** Share of satisfied in satisfied and dissatisfied, the mean over a face and its mirror image. */
export function satisfactionOf({ classes, probabilities, mirrored: other }: ExpressionScores): number {
  const both = probabilities.map((value, i) => (value + (other?.[i] ?? value)) / 2);
  const satisfied = massOf({ classes, probabilities: both }, 'satisfied');
  const dissatisfied = massOf({ classes, probabilities: both }, 'dissatisfied');
  return satisfied + dissatisfied > 0 ? satisfied / (satisfied + dissatisfied) : 0.5;
}
