export { adam, sumOfSquares } from './adam';
export { backward } from './backward';
export { forward } from './forward';
export { setOutputs, setParameters, setShape, setStates, setStateSlopes } from './places';

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}
