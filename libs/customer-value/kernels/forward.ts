import { inverseSigmoid, multiplyAdd, onePlusSquare, ones, tangentOf } from './functions';
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

/** Both halves of a row at once, every load before the first store: so V8 can make one instruction of two.
 *  @param at bytes to the strip from the beginning of a gate, of the cells and of the hidden state
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
  for (let offset: usize = 0; offset < end; offset += 32) {
    const inverseInput0 = inverseSigmoid(v128.load(i + offset));
    const square0 = onePlusSquare(v128.load(g + offset));
    const both0 = f32x4.div(ones(), f32x4.mul(inverseInput0, square0));
    const input0 = f32x4.mul(both0, square0);
    const candidate0 = tangentOf(f32x4.mul(both0, inverseInput0));
    const inverseForget0 = inverseSigmoid(v128.load(f + offset));
    const inverseOutput0 = inverseSigmoid(v128.load(o + offset));
    const gates0 = f32x4.div(ones(), f32x4.mul(inverseForget0, inverseOutput0));
    const forget0 = f32x4.mul(gates0, inverseOutput0);
    const output0 = f32x4.mul(gates0, inverseForget0);
    const cell0 = multiplyAdd(f32x4.mul(input0, candidate0), forget0, v128.load(cells + offset));
    const tanh0 = tangentOf(f32x4.div(ones(), onePlusSquare(cell0)));
    const inverseInput1 = inverseSigmoid(v128.load(i + offset, 16));
    const square1 = onePlusSquare(v128.load(g + offset, 16));
    const both1 = f32x4.div(ones(), f32x4.mul(inverseInput1, square1));
    const input1 = f32x4.mul(both1, square1);
    const candidate1 = tangentOf(f32x4.mul(both1, inverseInput1));
    const inverseForget1 = inverseSigmoid(v128.load(f + offset, 16));
    const inverseOutput1 = inverseSigmoid(v128.load(o + offset, 16));
    const gates1 = f32x4.div(ones(), f32x4.mul(inverseForget1, inverseOutput1));
    const forget1 = f32x4.mul(gates1, inverseOutput1);
    const output1 = f32x4.mul(gates1, inverseForget1);
    const cell1 = multiplyAdd(f32x4.mul(input1, candidate1), forget1, v128.load(cells + offset, 16));
    const tanh1 = tangentOf(f32x4.div(ones(), onePlusSquare(cell1)));
    v128.store(i + offset, input0);
    v128.store(i + offset, input1, 16);
    v128.store(g + offset, candidate0);
    v128.store(g + offset, candidate1, 16);
    v128.store(f + offset, forget0);
    v128.store(f + offset, forget1, 16);
    v128.store(next + offset, cell0);
    v128.store(next + offset, cell1, 16);
    v128.store(o + offset, output0);
    v128.store(o + offset, output1, 16);
    v128.store(tanhs + offset, tanh0);
    v128.store(tanhs + offset, tanh1, 16);
    v128.store(states + offset, f32x4.mul(output0, tanh0));
    v128.store(states + offset, f32x4.mul(output1, tanh1), 16);
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
