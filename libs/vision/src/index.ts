export * from './vision.js';
export { openVision, type OpenedVision, type VisionOptions } from './pool/index.js';
export { entryFor, readManifest } from './models/manifest-file.js';
export { decodePhotograph, shrinkPhotograph } from './image/photograph.js';
export { cosineDistance, meanDirection, unitVector } from './models/embeddings.js';
export { loadModel, type LoadOptions } from './models/load-model.js';
export type { LoadedModel } from './models/loaded-model.js';
export * from './scoring/index.js';
export * from './expression/index.js';
