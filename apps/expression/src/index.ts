export { startExpression } from './start.js';
export { judgeExpression } from './judgement.js';
export { UNCALIBRATED_RULE, type ReadingRule } from './reading.js';
