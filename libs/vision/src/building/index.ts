export { buildModels, type BuildOptions, type BuildStep } from './build.js';
export { addOwnRecogniser } from './own-example.js';
export { RECIPES } from './recipes.js';
export { readSource } from './weight-sources.js';
export { matrixMultiplyPeak } from './matrix-multiply-peak.js';
