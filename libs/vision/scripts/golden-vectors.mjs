/** Writes src/building/golden/*.json: what the packages' own TensorFlow.js code makes of a drawn picture. Run it
 *  again when a package is upgraded, after a build: `node libs/vision/scripts/golden-vectors.mjs`. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { TextDecoder, TextEncoder } from 'node:util';
import { format } from 'prettier';
import { drawPicture } from '../dist/building/golden/drawn-picture.js';

const here = dirname(fileURLToPath(import.meta.url));
const golden = join(here, '..', 'src', 'building', 'golden');
const require = createRequire(import.meta.url);
const packageOf = (name) => join(dirname(require.resolve(name)), '..');

/** The bundles are ES modules without saying so, and take Node for a browser when it does not name itself. */
async function importBundle(folder, name, file) {
  const copy = join(folder, `${name.replace(/\W/g, '-')}.mjs`);
  copyFileSync(join(packageOf(name), 'dist', file), copy);
  const bundle = await import(copy);
  const tf = bundle.tf ?? bundle;
  tf.env().setPlatform('node', {
    isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
    encode: (text) => new TextEncoder().encode(text),
    decode: (bytes) => new TextDecoder().decode(bytes),
    now: () => performance.now(),
  });
  await tf.setBackend('cpu');
  return bundle;
}

const asTensor = (tf, sidePx) =>
  tf.tensor(Array.from(drawPicture(sidePx).data), [1, sidePx, sidePx, 3], 'float32');

async function faceApiNet(faceapi, Net, file) {
  const folder = join(packageOf('@vladmandic/face-api'), 'model');
  const manifest = JSON.parse(readFileSync(join(folder, `${file}-weights_manifest.json`), 'utf8'));
  const binary = readFileSync(join(folder, `${file}.bin`));
  const buffer = binary.buffer.slice(binary.byteOffset, binary.byteOffset + binary.length);
  const net = new Net();
  net.loadFromWeightMap(faceapi.tf.io.decodeWeights(buffer, manifest[0].weights));
  return net;
}

async function graphModel(tf, file) {
  const folder = join(packageOf('@vladmandic/human'), 'models');
  const { modelTopology, weightsManifest, ...rest } = JSON.parse(
    readFileSync(join(folder, `${file}.json`), 'utf8'),
  );
  const binary = readFileSync(join(folder, `${file}.bin`));
  const weightData = binary.buffer.slice(binary.byteOffset, binary.byteOffset + binary.length);
  const weightSpecs = weightsManifest[0].weights;
  return tf.loadGraphModel({ load: async () => ({ ...rest, modelTopology, weightSpecs, weightData }) });
}

async function write(name, values) {
  const text = JSON.stringify(Array.from(values, Math.fround));
  writeFileSync(join(golden, `${name}.json`), await format(text, { parser: 'json', printWidth: 110 }));
}

const bundles = mkdtempSync(join(tmpdir(), 'regulars-golden-'));
Object.defineProperty(process, 'versions', { value: {} });
try {
  const faceapi = await importBundle(bundles, '@vladmandic/face-api', 'face-api.esm.js');
  // Pictures are given as tensors, so none of a browser's elements is ever met.
  const Absent = class {};
  faceapi.env.setEnv({ Canvas: Absent, Image: Absent, ImageData: Absent, Video: Absent });
  const recognition = await faceApiNet(faceapi, faceapi.FaceRecognitionNet, 'face_recognition_model');
  await write('dlib-resnet-uint8', await (await recognition.forward(asTensor(faceapi.tf, 150))).data());
  const landmarks = await faceApiNet(faceapi, faceapi.FaceLandmark68Net, 'face_landmark_68_model');
  await write('face-landmarks-68', await (await landmarks.forward(asTensor(faceapi.tf, 112))).data());

  const tf = await importBundle(bundles, '@vladmandic/human', 'tfjs.esm.js');
  const blazeface = await graphModel(tf, 'blazeface');
  const tile = asTensor(tf, 256).div(127.5).sub(1);
  const names = ['Identity', 'Identity_1', 'Identity_2', 'Identity_3'];
  const [logits16, logits8, boxes16, boxes8] = await Promise.all(
    blazeface.execute(tile, names).map((output) => output.data()),
  );
  await write('blazeface-back-logits', [...logits16, ...logits8]);
  await write(
    'blazeface-back-boxes',
    [...boxes16, ...boxes8].filter((_, index) => Math.floor(index / 16) % 16 === 0),
  );
  const emotion = await graphModel(tf, 'emotion');
  const grey = asTensor(tf, 64).div(255).mul([0.2989, 0.587, 0.114]).sum(3, true).sub(0.5).mul(2);
  await write('emotion', await emotion.execute(grey).data());
} finally {
  rmSync(bundles, { recursive: true });
}
