/** Where the host put things. Sizes in values, pointers in bytes. What is "in strips" is a matrix of batch rows in
 *  strips of eight columns (product.ts).
 *  z: for each of steps + 1 the inputs of a step in strips, the last of which may be filled in part, then the hidden
 *  state before it in strips;
 *  gates: for each step i, o, f, c (ONNX's order), each in strips: activated by forward, the loss by what went into
 *  them after backward;
 *  cells and tanhs: for each of steps + 1 the cell state before a step (its tanh), in strips;
 *  outputs: [steps][batch][outputs]; outputSlopes: the loss by them, written by the host before backward;
 *  hiddenSlopes: the loss by one strip of the hidden state of one step; cellSlopes: by the cells, in strips;
 *  packed: the weights as the products want them; outputStrips: the output slopes of one step in strips, and behind
 *  them eight zeros. */
export let inputs: i32 = 0;
export let hidden: i32 = 0;
export let outputs: i32 = 0;
export let parametersAt: usize = 0;
export let slopesAt: usize = 0;
export let packedAt: usize = 0;
export let zAt: usize = 0;
export let gatesAt: usize = 0;
export let cellsAt: usize = 0;
export let tanhsAt: usize = 0;
export let outputsAt: usize = 0;
export let outputSlopesAt: usize = 0;
export let outputStripsAt: usize = 0;
export let hiddenSlopesAt: usize = 0;
export let cellSlopesAt: usize = 0;

export function setShape(inputCount: i32, hiddenCount: i32, outputCount: i32): void {
  inputs = inputCount;
  hidden = hiddenCount;
  outputs = outputCount;
}

export function setParameters(parameters: usize, slopes: usize, packed: usize): void {
  parametersAt = parameters;
  slopesAt = slopes;
  packedAt = packed;
}

export function setStates(z: usize, gates: usize, cells: usize, tanhs: usize): void {
  zAt = z;
  gatesAt = gates;
  cellsAt = cells;
  tanhsAt = tanhs;
}

export function setOutputs(output: usize, outputSlopes: usize, outputStrips: usize): void {
  outputsAt = output;
  outputSlopesAt = outputSlopes;
  outputStripsAt = outputStrips;
}

export function setStateSlopes(hiddenSlopes: usize, cellSlopes: usize): void {
  hiddenSlopesAt = hiddenSlopes;
  cellSlopesAt = cellSlopes;
}

export function floats(count: i32): usize {
  return (count as usize) << 2;
}

/** The parameters are [inputs + hidden][4 hidden] weights, 4 hidden biases, [hidden][outputs] weights of the
 *  head and its biases. */
export function biasOffset(): usize {
  return floats((inputs + hidden) * 4 * hidden);
}

export function headOffset(): usize {
  return biasOffset() + floats(4 * hidden);
}

export function headBiasOffset(): usize {
  return headOffset() + floats(hidden * outputs);
}

/** Bytes from strip to strip of what has batch rows: eight rows stay free. Strips of 4096 bytes, which a batch of 128
 *  makes, would all be kept in the same sets of the nearest cache (measured: a sixteenth slower). */
export function stripBytes(batch: i32): usize {
  return ((batch + 8) as usize) << 5;
}

/** Strips of the hidden state, of a gate, of the cells. */
export function unitStrips(): usize {
  return (hidden as usize) >> 3;
}

/** Bytes from the inputs of a step to the hidden state before it.
 *  @param strip bytes of a strip */
export function stateOffset(strip: usize): usize {
  return (((inputs + 7) as usize) >> 3) * strip;
}
