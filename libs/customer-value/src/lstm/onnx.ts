import type { onnx } from 'onnx-proto';
import { lstmOffsets, type LstmShape } from './shape.js';

/** Opset 13 and IR 8: read by every onnxruntime since 1.10. */
const OPSET_VERSION = 13;
const IR_VERSION = 8;

/** onnx.TensorProto.DataType */
const FLOAT = 1;
const INT64 = 7;

/** A network as an ONNX file, whose input and output are named so.
 *
 *  `sequences`: float [batch, steps, inputs]; `outputs`: float [batch, outputs], those after the last step. The gates
 *  stand in ONNX's order already (i, o, f, c).
 *  @throws RangeError when the parameters are not of the shape */
export async function encodeLstm(shape: LstmShape, parameters: Float32Array): Promise<Uint8Array> {
  const { inputs, hidden, outputs } = shape;
  const { recurrent, bias, head, headBias, count } = lstmOffsets(shape);
  if (parameters.length !== count) throw new RangeError('the parameters are not of this shape');
  // The writer is loaded only here: training and serving do without.
  const { onnx } = (await import('onnx-proto')).default;
  const types = onnx.AttributeProto.AttributeType;
  const biases = new Float32Array(8 * hidden);
  biases.set(parameters.subarray(bias, head));
  const gates = 4 * hidden;
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'regulars',
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    graph: {
      name: 'lstm',
      input: [valueInfo('sequences', ['batch', 'steps', inputs])],
      output: [valueInfo('outputs', ['batch', outputs])],
      initializer: [
        floats('W', [1, gates, inputs], transposed(parameters.subarray(0, recurrent), gates)),
        floats('R', [1, gates, hidden], transposed(parameters.subarray(recurrent, bias), gates)),
        floats('B', [1, 8 * hidden], biases),
        floats('head', [hidden, outputs], parameters.slice(head, headBias)),
        floats('headBias', [outputs], parameters.slice(headBias)),
        { name: 'first', dataType: INT64, dims: [1], rawData: new Uint8Array(8) },
      ],
      node: [
        node('Transpose', ['sequences'], ['inTime'], [{ name: 'perm', type: types.INTS, ints: [1, 0, 2] }]),
        node(
          'LSTM',
          ['inTime', 'W', 'R', 'B'],
          ['', 'states'],
          [{ name: 'hidden_size', type: types.INT, i: hidden }],
        ),
        node('Squeeze', ['states', 'first'], ['state']),
        node('MatMul', ['state', 'head'], ['product']),
        node('Add', ['product', 'headBias'], ['outputs']),
      ],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function node(
  opType: string,
  input: string[],
  output: string[],
  attribute: onnx.IAttributeProto[] = [],
): onnx.INodeProto {
  return { opType, input, output, attribute };
}

function valueInfo(name: string, sizes: readonly (string | number)[]): onnx.IValueInfoProto {
  const dim = sizes.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}

function floats(name: string, dims: number[], values: Float32Array): onnx.ITensorProto {
  return { name, dataType: FLOAT, dims, rawData: new Uint8Array(values.buffer, 0, values.byteLength) };
}

/** @param columns of the matrix given, whose rows lie one after the other */
function transposed(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  return Float32Array.from(
    { length: values.length },
    (_, index) => values[(index % rows) * columns + Math.floor(index / rows)] ?? 0,
  );
}
