import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { RgbImage } from '@regulars/vision';

const require = createRequire(import.meta.url);

interface FaceApiTask {
  withFaceLandmarks(): { withFaceDescriptors(): Promise<readonly unknown[]> };
}

interface FaceApi {
  readonly nets: Record<
    'ssdMobilenetv1' | 'tinyFaceDetector' | 'faceLandmark68Net' | 'faceRecognitionNet',
    { loadFromDisk(folder: string): Promise<void> }
  >;
  readonly SsdMobilenetv1Options: new () => object;
  readonly TinyFaceDetectorOptions: new () => object;
  detectAllFaces(picture: object, options: object): FaceApiTask;
}

/** What is used of @tensorflow/tfjs-core. */
interface TensorFlow {
  readonly Tensor: { readonly prototype: Record<string, unknown> };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor3d(data: Uint8Array, shape: readonly number[], type: 'int32'): object;
  reshape(tensor: object, shape: readonly number[]): object;
  cast(tensor: object, type: string): object;
}

/** One of face-api's detectors with its landmarks and descriptors, on one thread of tfjs-wasm. */
export interface FaceApiPath {
  readonly detector: 'ssd-mobilenet-v1' | 'tiny-face-detector';
  /** @returns how many faces were found and described */
  run(): Promise<number>;
}

/** The library expects the operations as methods of a tensor, which the full TensorFlow.js registers and its core
 *  does not. */
function chainOperations(tf: TensorFlow): void {
  const { prototype } = tf.Tensor;
  for (const [name, operation] of Object.entries(tf))
    if (typeof operation === 'function' && /^[a-z]/.test(name) && !(name in prototype))
      prototype[name] = function (this: object, ...rest: unknown[]): unknown {
        return (operation as (...all: unknown[]) => unknown)(this, ...rest);
      };
  for (const rank of [1, 2, 3, 4, 5])
    prototype[`as${rank}D`] = function (this: { size: number }, ...shape: number[]) {
      return tf.reshape(this, shape.length > 0 ? shape : [this.size]);
    };
  prototype['asType'] = function (this: object, type: string) {
    return tf.cast(this, type);
  };
}

/** @vladmandic/face-api as its users run it in Node without a native TensorFlow.
 *  @param picture that all of its detectors look at */
export async function openFaceApi(picture: RgbImage): Promise<readonly FaceApiPath[]> {
  const tf = require('@tensorflow/tfjs') as TensorFlow;
  chainOperations(tf);
  const wasm = require('@tensorflow/tfjs-backend-wasm') as {
    setWasmPaths(folder: string): void;
    setThreadsCount(threads: number): void;
  };
  const binary = require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm');
  wasm.setWasmPaths(`${dirname(binary)}/`);
  wasm.setThreadsCount(1);
  const faceApi = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi;
  await tf.setBackend('wasm');
  await tf.ready();
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
  for (const net of Object.values({
    ssd: faceApi.nets.ssdMobilenetv1,
    tiny: faceApi.nets.tinyFaceDetector,
    landmarks: faceApi.nets.faceLandmark68Net,
    recognition: faceApi.nets.faceRecognitionNet,
  }))
    await net.loadFromDisk(folder);
  const tensor = tf.tensor3d(picture.data, [picture.heightPx, picture.widthPx, 3], 'int32');
  const path = (options: object) => async () =>
    (await faceApi.detectAllFaces(tensor, options).withFaceLandmarks().withFaceDescriptors()).length;
  return [
    { detector: 'ssd-mobilenet-v1', run: path(new faceApi.SsdMobilenetv1Options()) },
    { detector: 'tiny-face-detector', run: path(new faceApi.TinyFaceDetectorOptions()) },
  ];
}
