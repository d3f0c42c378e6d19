export { startExpression } from './start.js';
