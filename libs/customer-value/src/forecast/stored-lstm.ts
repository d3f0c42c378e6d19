import type { TrainedLstm } from '../lstm/training.js';
import type { StoredLstm } from './forecaster.js';

export function storedLstm({ shape, parameters }: TrainedLstm): StoredLstm {
  const bytes = Buffer.alloc(parameters.length * 4);
  parameters.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return { shape, parameters: bytes.toString('base64') };
}

export function openedLstm({ shape, parameters }: StoredLstm): TrainedLstm {
  const bytes = Buffer.from(parameters, 'base64');
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
  return { shape, parameters: values, epochs: 0 };
}
