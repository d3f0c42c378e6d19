import { encodeLstm, initialParameters, lstmOffsets, referenceForward } from '@regulars/customer-value';
import { openSequenceModel } from '@regulars/vision';
import { describe, expect, it } from 'vitest';

const SHAPE = { inputs: 12, hidden: 32, outputs: 8 };
const [COUNT, STEPS] = [50, 24];

/** Parameters in which the biases and the head take part too. */
function someParameters(): Float32Array {
  const parameters = initialParameters(SHAPE, 3);
  const { bias, count } = lstmOffsets(SHAPE);
  const more = initialParameters({ ...SHAPE, inputs: 100 }, 4);
  for (let index = bias; index < count; index += 1)
    parameters[index] = (parameters[index] ?? 0) + (more[index] ?? 0);
  return parameters;
}

describe('the exported LSTM', () => {
  it('gives in onnxruntime what the reference gives, within 1e-6', async () => {
    const parameters = someParameters();
    const values = initialParameters({ inputs: COUNT * STEPS, hidden: 8, outputs: 8 }, 5)
      .slice(0, COUNT * STEPS * SHAPE.inputs)
      .map((value) => value * 30);
    const model = await openSequenceModel('lstm', await encodeLstm(SHAPE, parameters));
    const outputs = await model.run(values, [COUNT, STEPS, SHAPE.inputs]);
    await model.release();
    expect(outputs).toHaveLength(COUNT * SHAPE.outputs);
    let greatest = 0;
    let spread = 0;
    for (let row = 0; row < COUNT; row += 1) {
      const sequence = values.subarray(row * STEPS * SHAPE.inputs, (row + 1) * STEPS * SHAPE.inputs);
      const expected = referenceForward(SHAPE, parameters, sequence).slice(-SHAPE.outputs);
      expected.forEach((value, index) => {
        greatest = Math.max(greatest, Math.abs(value - (outputs[row * SHAPE.outputs + index] ?? NaN)));
        spread = Math.max(spread, Math.abs(value));
      });
    }
    expect(spread).toBeGreaterThan(0.1);
    expect(greatest).toBeLessThan(1e-6);
  });

  it('is refused when the bytes are no model, or the parameters not of the shape', async () => {
    await expect(openSequenceModel('lstm', Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
    await expect(encodeLstm(SHAPE, new Float32Array(3))).rejects.toThrow(RangeError);
  });
});
