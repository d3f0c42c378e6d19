export * from '../back-test/back-test-report.js';
export { forecastCustomers } from './forecast-customers.js';
export * from './forecaster.js';
export { newCustomer } from './parts.js';
export * from './series.js';
export { trainForecaster } from './train.js';
export {
  evaluateForecasts,
  periodsNeeded,
  type Evaluation,
  type EvaluationOptions,
} from '../back-test/evaluate.js';
