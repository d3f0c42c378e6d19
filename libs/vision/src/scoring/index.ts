export * from './fit-crowding.js';
export { readScoring } from './read-scoring.js';
export * from './scoring.js';
export * from './budget.js';
export { ownImpostors } from './own-impostors.js';
