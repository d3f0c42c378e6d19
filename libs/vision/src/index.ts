export * from './vision.js';
export { openVision, type OpenedVision, type VisionOptions } from './pool/index.js';
