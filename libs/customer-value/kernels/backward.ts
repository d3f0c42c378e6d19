import {
  biasOffset,
  cellSlopesAt,
  cellsAt,
  floats,
  gatesAt,
  headBiasOffset,
  headOffset,
  hidden,
  hiddenSlopesAt,
  inputs,
  outputs,
  outputSlopesAt,
  outputStripsAt,
  packedAt,
  parametersAt,
  slopesAt,
  stateOffset,
  stripBytes,
  tanhsAt,
  unitStrips,
  zAt,
} from './places';
import { multiplyStrip } from './product';
import { addStripRows, packStrips, packTranspose } from './rows';
import { addTransposedProduct } from './transposed-product';

/** Adds the loss by every parameter to the slopes. To be called after `forward` of the same batch. The hidden slopes
 *  of a step come from its outputs and from the gates of the step after it in one product; what they make of the
 *  four gates of eight units goes into the slopes of the weights while it is in the nearest cache. */
export function backward(batch: i32, steps: i32): void {
  const strip = stripBytes(batch);
  const units = unitStrips();
  const block = units * strip;
  const zStep = stateOffset(strip) + block;
  const packedStrip = ((outputs + 4 * hidden) as usize) << 5;
  const recurrent = parametersAt + floats(inputs * 4 * hidden);
  packTranspose(packedAt, packedStrip, parametersAt + headOffset(), hidden, outputs);
  packTranspose(packedAt + ((outputs as usize) << 5), packedStrip, recurrent, hidden, 4 * hidden);
  const zeros = outputStripsAt + ((outputs as usize) >> 3) * strip;
  memory.fill(zeros, 0, 32);
  memory.fill(cellSlopesAt, 0, block);
  for (let step = steps - 1; step >= 0; step -= 1) {
    const z = zAt + (step as usize) * zStep;
    headBackward(z + zStep + stateOffset(strip), step, batch);
    const after = gatesAt + ((step as usize) + 1) * 4 * block;
    const gatesAfter = step === steps - 1 ? 0 : 4 * hidden;
    for (let unit: usize = 0; unit < units; unit += 1) {
      multiplyStrip(
        hiddenSlopesAt,
        32,
        zeros,
        outputStripsAt,
        outputs,
        after,
        gatesAfter,
        strip,
        packedAt + unit * packedStrip,
        batch,
      );
      deactivate(unit * strip, step, batch, block);
      for (let gate: usize = 0; gate < 4; gate += 1) addWeightSlopes(gate * units + unit, z, step, batch);
    }
  }
}

/** Slopes of the head; the output slopes of the step are put into strips. */
function headBackward(state: usize, step: i32, batch: i32): void {
  const strip = stripBytes(batch);
  const row = floats(outputs);
  packStrips(
    outputStripsAt,
    strip,
    outputSlopesAt + (step as usize) * (batch as usize) * row,
    batch,
    outputs,
  );
  for (let at: usize = 0; at < row; at += 32) {
    const slopes = outputStripsAt + (at >> 5) * strip;
    addTransposedProduct(slopesAt + headOffset() + at, row, state, strip, slopes, hidden, batch);
    addStripRows(slopesAt + headBiasOffset() + at, slopes, batch);
  }
}

/** A strip of each gate becomes the loss by what went into it; the cell slopes move one step back. Both halves of a
 *  row at once, as in `activate`.
 *  @param at bytes to the strip from the beginning of a gate and of the cells */
function deactivate(at: usize, step: i32, batch: i32, block: usize): void {
  const one = f32x4.splat(1.0);
  const i = gatesAt + (step as usize) * 4 * block + at;
  const o = i + block;
  const f = o + block;
  const g = f + block;
  const cells = cellsAt + (step as usize) * block + at;
  const tanhs = tanhsAt + ((step as usize) + 1) * block + at;
  const cellSlopes = cellSlopesAt + at;
  const end = (batch as usize) << 5;
  for (let offset: usize = 0; offset < end; offset += 32) {
    const input0 = v128.load(i + offset);
    const output0 = v128.load(o + offset);
    const forget0 = v128.load(f + offset);
    const candidate0 = v128.load(g + offset);
    const tanh0 = v128.load(tanhs + offset);
    const dh0 = v128.load(hiddenSlopesAt + offset);
    const through0 = f32x4.mul(f32x4.mul(dh0, output0), f32x4.sub(one, f32x4.mul(tanh0, tanh0)));
    const dc0 = f32x4.add(v128.load(cellSlopes + offset), through0);
    const byInput0 = f32x4.mul(f32x4.mul(dc0, candidate0), f32x4.mul(input0, f32x4.sub(one, input0)));
    const byOutput0 = f32x4.mul(f32x4.mul(dh0, tanh0), f32x4.mul(output0, f32x4.sub(one, output0)));
    const before0 = v128.load(cells + offset);
    const byForget0 = f32x4.mul(f32x4.mul(dc0, before0), f32x4.mul(forget0, f32x4.sub(one, forget0)));
    const byCandidate0 = f32x4.mul(f32x4.mul(dc0, input0), f32x4.sub(one, f32x4.mul(candidate0, candidate0)));
    const input1 = v128.load(i + offset, 16);
    const output1 = v128.load(o + offset, 16);
    const forget1 = v128.load(f + offset, 16);
    const candidate1 = v128.load(g + offset, 16);
    const tanh1 = v128.load(tanhs + offset, 16);
    const dh1 = v128.load(hiddenSlopesAt + offset, 16);
    const through1 = f32x4.mul(f32x4.mul(dh1, output1), f32x4.sub(one, f32x4.mul(tanh1, tanh1)));
    const dc1 = f32x4.add(v128.load(cellSlopes + offset, 16), through1);
    const byInput1 = f32x4.mul(f32x4.mul(dc1, candidate1), f32x4.mul(input1, f32x4.sub(one, input1)));
    const byOutput1 = f32x4.mul(f32x4.mul(dh1, tanh1), f32x4.mul(output1, f32x4.sub(one, output1)));
    const before1 = v128.load(cells + offset, 16);
    const byForget1 = f32x4.mul(f32x4.mul(dc1, before1), f32x4.mul(forget1, f32x4.sub(one, forget1)));
    const byCandidate1 = f32x4.mul(f32x4.mul(dc1, input1), f32x4.sub(one, f32x4.mul(candidate1, candidate1)));
    v128.store(i + offset, byInput0);
    v128.store(i + offset, byInput1, 16);
    v128.store(o + offset, byOutput0);
    v128.store(o + offset, byOutput1, 16);
    v128.store(f + offset, byForget0);
    v128.store(f + offset, byForget1, 16);
    v128.store(g + offset, byCandidate0);
    v128.store(g + offset, byCandidate1, 16);
    v128.store(cellSlopes + offset, f32x4.mul(dc0, forget0));
    v128.store(cellSlopes + offset, f32x4.mul(dc1, forget1), 16);
  }
}

/** Slopes of eight columns of the weights and of their biases. Before step 0 the hidden state is nought.
 *  @param at number of the strip among those of the four gates */
function addWeightSlopes(at: usize, z: usize, step: i32, batch: i32): void {
  const strip = stripBytes(batch);
  const row = floats(4 * hidden);
  const gate = gatesAt + ((step as usize) * 4 * unitStrips() + at) * strip;
  const slopes = slopesAt + at * 32;
  addStripRows(slopesAt + biasOffset() + at * 32, gate, batch);
  addTransposedProduct(slopes, row, z, strip, gate, inputs, batch);
  if (step === 0) return;
  const state = z + stateOffset(strip);
  addTransposedProduct(slopes + (inputs as usize) * row, row, state, strip, gate, hidden, batch);
}
