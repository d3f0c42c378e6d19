import { z } from 'zod';

/** What a model is used for. */
export const ModelRole = z.enum(['detection', 'landmarks', 'recognition', 'expression', 'features']);
export type ModelRole = z.infer<typeof ModelRole>;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hexadecimal digits' });

/** A dimension; null is the batch, which may be of any size. */
const Dimensions = z.array(z.int().positive().nullable());

/** One model: where it comes from, what goes in, what comes out. */
export const ModelEntry = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  role: ModelRole,
  /** Beside the manifest. */
  file: z.string().regex(/^[A-Za-z0-9._-]+\.onnx$/, { error: 'expected a file name ending in .onnx' }),
  sha256: Sha256,
  source: z.strictObject({
    /** name@version of the npm package that carries the weights, or who supplied the file. */
    package: z.string(),
    files: z.array(z.strictObject({ path: z.string(), sha256: Sha256 })),
  }),
  /** SPDX identifier of the weights' licence. */
  licence: z.string(),
  input: z.strictObject({
    name: z.string(),
    shape: Dimensions,
    layout: z.enum(['NHWC', 'NCHW']),
    type: z.enum(['uint8', 'float32']),
    colourOrder: z.enum(['RGB', 'BGR']),
    /** (value - mean) * scale is what the network sees, the mean per channel in colour order. */
    mean: z.array(z.number()).length(3),
    scale: z.number(),
    /** Whether that is computed inside the graph, so that the caller gives raw pixels. */
    normalisedInGraph: z.boolean(),
  }),
  /** How faces are laid out for a recogniser; dlib's chip when absent. */
  alignment: z.enum(['dlib-150', 'arcface-112']).optional(),
  outputs: z.array(z.strictObject({ name: z.string(), shape: Dimensions })).min(1),
  /** Names of the classes in order, for a model that has them. */
  classes: z.array(z.string()).optional(),
  /** What was chosen on pictures that had no part in training, for a model whose output is logits. */
  calibration: z
    .strictObject({
      /** Logits are divided by it. */
      temperature: z.number().positive(),
      /** Satisfied and dissatisfied together are at least this likely in a face that is not neutral. */
      decisiveFrom: z.number().min(0).max(1),
      /** Unsure when neither satisfied, dissatisfied nor neither of them is at least this likely. */
      unsureBelow: z.number().min(0).max(1),
    })
    .optional(),
  /** The layers above the output `features`, from which retraining begins; beside the manifest. */
  head: z.strictObject({ file: z.string().regex(/^[A-Za-z0-9._-]+\.head$/), sha256: Sha256 }).optional(),
  /** How the model was found to perform; the model card tells more. */
  measured: z.array(z.strictObject({ what: z.string(), value: z.number(), on: z.string() })),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

/** Regression trees that find five points of a face; no network, so no ONNX. */
export const TreesEntry = z.strictObject({
  name: z.string(),
  file: z.string().regex(/^[A-Za-z0-9._-]+\.trees$/, { error: 'expected a file name ending in .trees' }),
  sha256: Sha256,
  source: ModelEntry.shape.source,
  licence: z.string(),
});
export type TreesEntry = z.infer<typeof TreesEntry>;

/** models/manifest.json: the models that exist and the one in use for each role. */
export const ModelManifest = z
  .strictObject({
    manifestVersion: z.literal(1),
    /** Version of the conversion that wrote the files; another one writes them anew. */
    conversion: z.int(),
    roles: z.partialRecord(ModelRole, z.string()),
    models: z.array(ModelEntry),
    /** Absent in manifests of models built before there were any. */
    trees: TreesEntry.optional(),
  })
  .refine(
    ({ roles, models }) =>
      Object.entries(roles).every(([role, name]) =>
        models.some((model) => model.name === name && model.role === role),
      ),
    { path: ['roles'], error: 'names a model that is not listed with that role' },
  );
export type ModelManifest = z.infer<typeof ModelManifest>;

export const MANIFEST_FILE = 'manifest.json';
