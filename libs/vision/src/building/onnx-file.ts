import type { onnx } from 'onnx-proto';
import type { Attribute, Constant, Graph, GraphNode, Shape } from './graph.js';

/** Opset 13 and IR 8: read by every onnxruntime since 1.10. */
const OPSET_VERSION = 13;
const IR_VERSION = 8;

/** onnx.TensorProto.DataType */
const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;

/** Writes a graph as an ONNX file. The writer is loaded only here, since only building needs it. */
export async function encodeOnnx(graph: Graph): Promise<Uint8Array> {
  const { onnx } = (await import('onnx-proto')).default;
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'regulars',
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    graph: {
      name: graph.name,
      input: [valueInfo(graph.input, graph.input.type === 'float32' ? FLOAT : UINT8)],
      output: graph.outputs.map((output) => valueInfo(output, FLOAT)),
      initializer: graph.constants.map(tensorProto),
      node: graph.nodes.map((node) => nodeProto(node, onnx.AttributeProto.AttributeType)),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

function valueInfo(value: { name: string; shape: Shape }, elemType: number): onnx.IValueInfoProto {
  const dim = value.shape.map((size) => (size === null ? { dimParam: 'batch' } : { dimValue: size }));
  return { name: value.name, type: { tensorType: { elemType, shape: { dim } } } };
}

function tensorProto(constant: Constant): onnx.ITensorProto {
  switch (constant.kind) {
    case 'float':
      return {
        name: constant.name,
        dataType: FLOAT,
        dims: [...constant.dims],
        rawData: bytesOf(constant.values),
      };
    case 'int64':
      return {
        name: constant.name,
        dataType: INT64,
        dims: [constant.values.length],
        rawData: bytesOf(BigInt64Array.from(constant.values, BigInt)),
      };
  }
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

type AttributeTypes = typeof onnx.AttributeProto.AttributeType;

function nodeProto(node: GraphNode, types: AttributeTypes): onnx.INodeProto {
  return {
    opType: node.operator,
    input: [...node.inputs],
    output: [node.output],
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value, types)),
  };
}

function attributeProto(name: string, attribute: Attribute, types: AttributeTypes): onnx.IAttributeProto {
  switch (attribute.kind) {
    case 'int':
      return { name, type: types.INT, i: attribute.value };
    case 'ints':
      return { name, type: types.INTS, ints: [...attribute.value] };
    case 'float':
      return { name, type: types.FLOAT, f: attribute.value };
    case 'string':
      return { name, type: types.STRING, s: new TextEncoder().encode(attribute.value) };
  }
}
