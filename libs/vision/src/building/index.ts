export { buildModels, type BuildOptions, type BuildStep } from './build.js';
export { RECIPES } from './recipes.js';
