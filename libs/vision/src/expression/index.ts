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
export { COVER_SHAPE, COVER_SIDE_PX, coveredShares, coverInput } from './cover.js';
export { leaningOf, massOf, type Leaning } from './meaning.js';
export {
  LOWER_FACE,
  meanWithin,
  mirrored,
  MOUTH,
  SALIENCY_PLACES,
  saliencyOf,
  withCovered,
  type RegionShare,
  type SaliencyMap,
} from './saliency.js';
