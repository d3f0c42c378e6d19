import type { onnx } from 'onnx-proto';
import type { ModelEntry } from './manifest.js';

/** A model file and what is said of it. */
export interface ModelBytes {
  readonly entry: ModelEntry;
  readonly bytes: Uint8Array;
}

/** A net of convolutions, whose outputs are a list of places in the picture, for square pictures of another side: the
 *  same weights, a list as much longer or shorter as the picture is larger or smaller. The file states sizes only so
 *  that onnxruntime can plan for them: measured, a file that leaves them open runs 8 % slower.
 *  @param entry of a model of square pictures whose outputs are [batch, places, values]
 *  @param sidePx a whole part or multiple of the model's own side, and of its largest stride */
export async function ofOtherSide({ entry, bytes }: ModelBytes, sidePx: number): Promise<ModelBytes> {
  const ownPx = entry.input.shape[1] ?? sidePx;
  const places = (count: number | null) => (count === null ? null : (count * sidePx ** 2) / ownPx ** 2);
  const input = [null, sidePx, sidePx, 3];
  const outputs = entry.outputs.map(({ name, shape: [batch = null, count = null, ...values] }) => ({
    name,
    shape: [batch, places(count), ...values],
  }));
  const { onnx } = (await import('onnx-proto')).default;
  const model = onnx.ModelProto.decode(bytes);
  stateShape(model.graph?.input, entry.input.name, input);
  for (const { name, shape } of outputs) stateShape(model.graph?.output, name, shape);
  return {
    entry: { ...entry, input: { ...entry.input, shape: input }, outputs },
    bytes: onnx.ModelProto.encode(model).finish(),
  };
}

function stateShape(
  values: readonly onnx.IValueInfoProto[] | null | undefined,
  name: string,
  shape: readonly (number | null)[],
): void {
  const tensor = values?.find((value) => value.name === name)?.type?.tensorType;
  if (!tensor) return;
  tensor.shape = {
    dim: shape.map((size) => (size === null ? { dimParam: 'batch' } : { dimValue: size })),
  };
}
