import { RegularsError } from '@regulars/contracts';
import { z } from 'zod';
import { parameterCount, parametersOf, type Head } from './head.js';

/** First line of a head's file: JSON; its weights follow as 32-bit floats, the least byte first. */
const HeadHeader = z.strictObject({
  format: z.literal('regulars-head-1'),
  inputs: z.int().positive().max(65_536),
  hidden: z.int().positive().max(65_536),
  outputs: z.int().positive().max(1_024),
});

const NEWLINE = 10;

/** A head as bytes, to be kept beside the model whose features it reads. */
export function encodeHead(head: Head): Uint8Array {
  const header = new TextEncoder().encode(
    `${JSON.stringify({ format: 'regulars-head-1', ...head.shape })}\n`,
  );
  const bytes = new Uint8Array(header.length + parameterCount(head.shape) * 4);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  let at = header.length;
  for (const values of parametersOf(head)) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

/** @throws RegularsError MODEL_CORRUPT when the bytes are no head, cut short, or hold what is no number */
export function decodeHead(bytes: Uint8Array): Head {
  const end = bytes.indexOf(NEWLINE);
  const header = HeadHeader.safeParse(parse(bytes.subarray(0, Math.max(0, end))));
  if (!header.success) throw corrupt('its first line is not that of a head');
  const { inputs, hidden, outputs } = header.data;
  const shape = { inputs, hidden, outputs };
  const expected = end + 1 + parameterCount(shape) * 4;
  if (bytes.length !== expected) throw corrupt(`${bytes.length} bytes instead of ${expected}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = end + 1;
  const take = (length: number) => {
    const values = new Float32Array(length);
    for (let i = 0; i < length; i += 1, at += 4) values[i] = view.getFloat32(at, true);
    if (!values.every(Number.isFinite)) throw corrupt('a weight is not a number');
    return values;
  };
  return {
    shape,
    hiddenWeights: take(inputs * hidden),
    hiddenBias: take(hidden),
    outputWeights: take(hidden * outputs),
    outputBias: take(outputs),
  };
}

function parse(line: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(line));
  } catch {
    return null;
  }
}

const corrupt = (problem: string) => new RegularsError('MODEL_CORRUPT', { file: 'expression head', problem });
