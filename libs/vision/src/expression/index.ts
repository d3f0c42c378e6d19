export {
  copyOfHead,
  HEAD_HIDDEN,
  HEAD_INPUTS,
  initialHead,
  logitsOf,
  parameterCount,
  softmaxRows,
  type Head,
  type HeadShape,
} from './head.js';
export { decodeHead, encodeHead } from './head-file.js';
export * from './head-training.js';
export { randomOf, shuffled } from './random.js';
