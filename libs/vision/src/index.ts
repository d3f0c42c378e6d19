export * from './vision.js';
export { openVision, type OpenedVision, type VisionOptions } from './pool/index.js';
export { entryFor, readManifest } from './models/manifest-file.js';
export { decodePhotograph } from './image/photograph.js';
export { cosineDistance, meanDirection, unitVector } from './models/embeddings.js';
