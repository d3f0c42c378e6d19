export * from './vision.js';
