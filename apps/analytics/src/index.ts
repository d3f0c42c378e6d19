export { startAnalytics } from './start.js';
