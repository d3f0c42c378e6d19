export * from './link-rule.js';
export * from './stranger-pool.js';
