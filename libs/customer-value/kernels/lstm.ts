import { hyperbolicTangent, multiplyAdd, sigmoid } from './functions';
import { addProduct } from './product';
import { addRows, addStrips, fillRows, fillStrips, packStrips, packTranspose } from './rows';
import { addTransposedProduct } from './transposed-product';

export { adam, sumOfSquares } from './adam';

/** Where the host put things. Sizes in values, pointers in bytes.
 *  z: [steps + 1][batch][inputs + hidden], the inputs of a step and the hidden state before it;
 *  gates: [steps] of batch x 4 hidden in packed strips, in the order i, o, f, c (ONNX's): activated by forward, the
 *  loss by them after backward;
 *  cells and tanhs: [steps + 1][batch][hidden], the cell state before a step (its tanh);
 *  outputs: [steps][batch][outputs]; outputSlopes: the loss by them, written by the host before backward. */
let inputs: i32 = 0;
let hidden: i32 = 0;
let outputs: i32 = 0;
let parametersAt: usize = 0;
let slopesAt: usize = 0;
let zAt: usize = 0;
let gatesAt: usize = 0;
let cellsAt: usize = 0;
let tanhsAt: usize = 0;
let outputsAt: usize = 0;
let outputSlopesAt: usize = 0;
let hiddenSlopesAt: usize = 0;
let cellSlopesAt: usize = 0;
/** Holds the weights as the products want them. */
let packedAt: usize = 0;

/** First byte that the host may use. */
export function heapBase(): usize {
  return __heap_base;
}

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

export function setOutputs(output: usize, outputSlopes: usize, hiddenSlopes: usize, cellSlopes: usize): void {
  outputsAt = output;
  outputSlopesAt = outputSlopes;
  hiddenSlopesAt = hiddenSlopes;
  cellSlopesAt = cellSlopes;
}

function floats(count: i32): usize {
  return (count as usize) << 2;
}

/** The parameters are [inputs + hidden][4 hidden] weights, 4 hidden biases, [hidden][outputs] weights of the
 *  head and its biases. */
function biasOffset(): usize {
  return floats((inputs + hidden) * 4 * hidden);
}

function headOffset(): usize {
  return biasOffset() + floats(4 * hidden);
}

function headBiasOffset(): usize {
  return headOffset() + floats(hidden * outputs);
}

/** Computes the outputs of every step. The hidden state of step 0 in z and the first cells are zeros. */
export function forward(batch: i32, steps: i32): void {
  const width = inputs + hidden;
  const row = floats(width);
  const zStep = floats(batch * width);
  const gateStep = floats(batch * 4 * hidden);
  const gateStrip = (batch as usize) * 32;
  packStrips(packedAt, parametersAt, width, 4 * hidden);
  for (let step = 0; step < steps; step += 1) {
    const z = zAt + (step as usize) * zStep;
    const gates = gatesAt + (step as usize) * gateStep;
    fillStrips(gates, parametersAt + biasOffset(), batch, 4 * hidden);
    const packedStrip = (width as usize) * 32;
    addProduct(gates, 32, gateStrip, z, row, width, 0, packedAt, 32, packedStrip, batch, 4 * hidden, width);
    activate(gates, step, batch, z + zStep + floats(inputs));
  }
  fillRows(outputsAt, parametersAt + headBiasOffset(), steps * batch, outputs);
  const state = zAt + zStep + floats(inputs);
  const head = parametersAt + headOffset();
  const out = floats(outputs);
  addProduct(outputsAt, out, 32, state, row, hidden, 0, head, out, 32, steps * batch, outputs, hidden);
}

/** @param state where the hidden state after the step goes; rows inputs + hidden apart */
function activate(gates: usize, step: i32, batch: i32, state: usize): void {
  const size = floats(hidden);
  const stateRow = floats(inputs + hidden);
  const block = (batch as usize) * size;
  const cells = cellsAt + (step as usize) * block;
  const next = cells + block;
  const tanhs = tanhsAt + ((step + 1) as usize) * block;
  for (let unit: usize = 0; unit < size; unit += 16) {
    let gate = gates + (unit >> 5) * 32 * (batch as usize) + (unit & 31);
    for (let row = 0; row < batch; row += 1) {
      const cell = (row as usize) * size + unit;
      const i = sigmoid(v128.load(gate));
      const o = sigmoid(v128.load(gate + block));
      const f = sigmoid(v128.load(gate + 2 * block));
      const g = hyperbolicTangent(v128.load(gate + 3 * block));
      v128.store(gate, i);
      v128.store(gate + block, o);
      v128.store(gate + 2 * block, f);
      v128.store(gate + 3 * block, g);
      const c = multiplyAdd(f32x4.mul(i, g), f, v128.load(cells + cell));
      const t = hyperbolicTangent(c);
      v128.store(next + cell, c);
      v128.store(tanhs + cell, t);
      v128.store(state + (row as usize) * stateRow + unit, f32x4.mul(o, t));
      gate += 32;
    }
  }
}

/** Adds the loss by every parameter to the slopes. To be called after `forward` of the same batch. */
export function backward(batch: i32, steps: i32): void {
  const width = inputs + hidden;
  const size = floats(hidden);
  const zStep = floats(batch * width);
  const gateStep = floats(batch * 4 * hidden);
  const gateStrip = (batch as usize) * 32;
  headBackward(batch, steps);
  packTranspose(packedAt, parametersAt + floats(inputs * 4 * hidden), hidden, 4 * hidden);
  memory.fill(cellSlopesAt, 0, floats(batch * hidden));
  for (let step = steps - 1; step >= 0; step -= 1) {
    const gates = gatesAt + (step as usize) * gateStep;
    const z = zAt + (step as usize) * zStep;
    deactivate(gates, step, batch);
    addStrips(slopesAt + biasOffset(), gates, batch, 4 * hidden);
    addTransposedProduct(
      slopesAt,
      4 * size,
      32,
      z,
      floats(width),
      gates,
      32,
      gateStrip,
      width,
      4 * hidden,
      batch,
    );
    if (step === 0) break;
    const before = hiddenSlopesAt + (((step - 1) * batch) as usize) * size;
    addProduct(
      before,
      size,
      32,
      gates,
      32,
      8,
      gateStrip,
      packedAt,
      32,
      4 * size * 8,
      batch,
      hidden,
      4 * hidden,
    );
  }
}

/** Slopes of the head, and of the hidden states by way of the head. */
function headBackward(batch: i32, steps: i32): void {
  const rows = steps * batch;
  const width = floats(inputs + hidden);
  const size = floats(hidden);
  const out = floats(outputs);
  const state = zAt + floats(batch * (inputs + hidden)) + floats(inputs);
  addTransposedProduct(
    slopesAt + headOffset(),
    out,
    32,
    state,
    width,
    outputSlopesAt,
    out,
    32,
    hidden,
    outputs,
    rows,
  );
  addRows(slopesAt + headBiasOffset(), outputSlopesAt, rows, outputs);
  packTranspose(packedAt, parametersAt + headOffset(), hidden, outputs);
  memory.fill(hiddenSlopesAt, 0, floats(rows * hidden));
  addProduct(
    hiddenSlopesAt,
    size,
    32,
    outputSlopesAt,
    out,
    outputs,
    0,
    packedAt,
    32,
    8 * out,
    rows,
    hidden,
    outputs,
  );
}

/** The gates of a step become the loss by what went into them; the cell slopes move one step back. */
function deactivate(gates: usize, step: i32, batch: i32): void {
  const size = floats(hidden);
  const one = f32x4.splat(1.0);
  const block = (batch as usize) * size;
  const before = (step as usize) * block;
  for (let unit: usize = 0; unit < size; unit += 16) {
    let gate = gates + (unit >> 5) * 32 * (batch as usize) + (unit & 31);
    for (let row = 0; row < batch; row += 1) {
      const cell = (row as usize) * size + unit;
      const i = v128.load(gate);
      const o = v128.load(gate + block);
      const f = v128.load(gate + 2 * block);
      const g = v128.load(gate + 3 * block);
      const t = v128.load(tanhsAt + before + block + cell);
      const dh = v128.load(hiddenSlopesAt + before + cell);
      const through = f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(t, t)));
      const dc = f32x4.add(v128.load(cellSlopesAt + cell), through);
      const cellBefore = v128.load(cellsAt + before + cell);
      v128.store(gate, f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i))));
      v128.store(gate + block, f32x4.mul(f32x4.mul(dh, t), f32x4.mul(o, f32x4.sub(one, o))));
      v128.store(gate + 2 * block, f32x4.mul(f32x4.mul(dc, cellBefore), f32x4.mul(f, f32x4.sub(one, f))));
      v128.store(gate + 3 * block, f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g))));
      v128.store(cellSlopesAt + cell, f32x4.mul(dc, f));
      gate += 32;
    }
  }
}
