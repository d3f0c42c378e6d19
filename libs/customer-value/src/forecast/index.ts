export * from './forecaster.js';
export * from './series.js';
