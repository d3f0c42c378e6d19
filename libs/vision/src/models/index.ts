export * from './embeddings.js';
export { loadModel, type LoadOptions } from './load-model.js';
export { LoadedModel, type Outputs } from './loaded-model.js';
export { entryFor, entryNamed, readManifest } from './manifest-file.js';
export * from './manifest.js';
export { mergeFaces, overlapOf } from './merge-faces.js';
export { openRunners } from './open-runners.js';
export * from './runners.js';
