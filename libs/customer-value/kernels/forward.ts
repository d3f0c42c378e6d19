import { hyperbolicTangent, multiplyAdd, sigmoid } from './functions';
import {
  biasOffset,
  cellsAt,
  floats,
  gatesAt,
  headBiasOffset,
  headOffset,
  hidden,
  inputs,
  outputs,
  outputsAt,
  packedAt,
  parametersAt,
  stateOffset,
  stripBytes,
  tanhsAt,
  unitStrips,
  zAt,
} from './places';
import { multiplyStrip } from './product';
import { packStrips } from './rows';

/** Computes the outputs of every step. The first cells are zeros; the hidden state before step 0 counts as zeros and
 *  is not read. The four gates of eight units are activated as soon as they are there, while they are in the
 *  nearest cache. */
export function forward(batch: i32, steps: i32): void {
  const strip = stripBytes(batch);
  const units = unitStrips();
  const block = units * strip;
  const before = stateOffset(strip);
  const zStep = before + block;
  const packedStrip = ((inputs + hidden) as usize) << 5;
  packStrips(packedAt, packedStrip, parametersAt, inputs + hidden, 4 * hidden);
  const headAt = packedAt + 4 * units * packedStrip;
  packStrips(headAt, (hidden as usize) << 5, parametersAt + headOffset(), hidden, outputs);
  for (let step = 0; step < steps; step += 1) {
    const z = zAt + (step as usize) * zStep;
    const gates = gatesAt + (step as usize) * 4 * block;
    const states = step === 0 ? 0 : hidden;
    for (let unit: usize = 0; unit < units; unit += 1) {
      for (let gate: usize = 0; gate < 4; gate += 1) {
        const at = gate * units + unit;
        const bias = parametersAt + biasOffset() + at * 32;
        const weights = packedAt + at * packedStrip;
        multiplyStrip(gates + at * strip, 32, bias, z, inputs, z + before, states, strip, weights, batch);
      }
      activate(unit * strip, step, batch, block, z + zStep + before);
    }
    applyHead(z + zStep + before, step, batch, headAt);
  }
}

/** @param at bytes to the strip from the beginning of a gate, of the cells and of the hidden state
 *  @param state where the hidden state after the step goes */
function activate(at: usize, step: i32, batch: i32, block: usize, state: usize): void {
  const i = gatesAt + (step as usize) * 4 * block + at;
  const o = i + block;
  const f = o + block;
  const g = f + block;
  const cells = cellsAt + (step as usize) * block + at;
  const next = cells + block;
  const tanhs = tanhsAt + ((step as usize) + 1) * block + at;
  const states = state + at;
  const end = (batch as usize) << 5;
  for (let offset: usize = 0; offset < end; offset += 16) {
    const input = sigmoid(v128.load(i + offset));
    const candidate = hyperbolicTangent(v128.load(g + offset));
    const forget = sigmoid(v128.load(f + offset));
    const cell = multiplyAdd(f32x4.mul(input, candidate), forget, v128.load(cells + offset));
    const output = sigmoid(v128.load(o + offset));
    const tanh = hyperbolicTangent(cell);
    v128.store(i + offset, input);
    v128.store(g + offset, candidate);
    v128.store(f + offset, forget);
    v128.store(next + offset, cell);
    v128.store(o + offset, output);
    v128.store(tanhs + offset, tanh);
    v128.store(states + offset, f32x4.mul(output, tanh));
  }
}

function applyHead(state: usize, step: i32, batch: i32, headAt: usize): void {
  const strip = stripBytes(batch);
  const row = floats(outputs);
  const target = outputsAt + (step as usize) * (batch as usize) * row;
  for (let at: usize = 0; at < row; at += 32)
    multiplyStrip(
      target + at,
      row,
      parametersAt + headBiasOffset() + at,
      state,
      hidden,
      0,
      0,
      strip,
      headAt + at * (hidden as usize),
      batch,
    );
}
