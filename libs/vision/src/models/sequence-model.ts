import { messageOf, RegularsError } from '@regulars/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A model of sequences: one float input [batch, steps, inputs], one float output [batch, outputs]. */
export interface SequenceModel {
  /** @param values [sequence][step][input]
   *  @returns [sequence][output] */
  run(
    values: Float32Array,
    dims: readonly [sequences: number, steps: number, inputs: number],
  ): Promise<Float32Array>;
  /** Frees the session; the model cannot be run afterwards. */
  release(): Promise<void>;
}

/** Opens an ONNX model of sequences on one thread of the CPU.
 *  @throws RegularsError MODEL_CORRUPT when the bytes are none, MODEL_MISMATCH when it has other inputs or outputs */
export async function openSequenceModel(name: string, bytes: Uint8Array): Promise<SequenceModel> {
  const session = await open(name, bytes);
  const [input, ...others] = session.inputNames;
  const [output, ...more] = session.outputNames;
  if (input === undefined || output === undefined || others.length + more.length > 0) {
    await session.release();
    throw new RegularsError('MODEL_MISMATCH', {
      model: name,
      stated: 'one input and one output',
      actual: `${session.inputNames.length} inputs and ${session.outputNames.length} outputs`,
    });
  }
  return {
    run: async (values, dims) => {
      const results = await session.run({ [input]: new Tensor('float32', values, dims) });
      const data = results[output]?.data;
      if (!(data instanceof Float32Array))
        throw new RegularsError('MODEL_MISMATCH', { model: name, stated: 'float output', actual: 'another' });
      return data;
    },
    release: () => session.release(),
  };
}

async function open(name: string, bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  } catch (error) {
    throw new RegularsError('MODEL_CORRUPT', { model: name, problem: messageOf(error) }, { cause: error });
  }
}
