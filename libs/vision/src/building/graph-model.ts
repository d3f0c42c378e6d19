import { z } from 'zod';
import type { GraphBuilder, Padding } from './graph.js';
import {
  asConvolutionFilters,
  asDepthwiseFilters,
  readWeights,
  weightOf,
  WeightsManifest,
  type Weights,
} from './tfjs-weights.js';

const NodeAttribute = z.object({
  s: z.string().optional(),
  list: z.object({ i: z.array(z.coerce.number()).optional(), s: z.array(z.string()).optional() }).optional(),
});

const TopologyNode = z.object({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), NodeAttribute).default({}),
});
type TopologyNode = z.infer<typeof TopologyNode>;

const GraphModel = z.object({
  modelTopology: z.object({ node: z.array(TopologyNode) }),
  weightsManifest: WeightsManifest,
});

/** A TensorFlow.js graph model: operators in NHWC, each output of it an `Identity`. */
export interface GraphModel {
  readonly nodes: ReadonlyMap<string, TopologyNode>;
  readonly weights: Weights;
}

/** @param description the model's JSON file
 *  @param binary its one file of weights */
export function readGraphModel(description: Uint8Array, binary: Uint8Array): GraphModel {
  const model = GraphModel.parse(JSON.parse(new TextDecoder().decode(description)));
  return {
    nodes: new Map(model.modelTopology.node.map((node) => [node.name, node])),
    weights: readWeights(model.weightsManifest, binary),
  };
}

/** Adds the model's operators to a graph and gives the value of each of its outputs by name. Pictures become
 *  NCHW; `Reshape` is known for a detector's heads and `Mean` for the global one.
 *  @param input the value that takes the placeholder's place */
export function convertGraphModel(
  model: GraphModel,
  graph: GraphBuilder,
  input: string,
): (output: string) => string {
  const values = new Map<string, string>();
  const valueOf = (name: string): string => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const node = model.nodes.get(name);
    if (node === undefined) throw new RangeError(`no node named ${name}`);
    const value = node.op === 'Placeholder' ? input : convertNode(node, { model, graph, valueOf });
    values.set(name, value);
    return value;
  };
  return valueOf;
}

interface Conversion {
  readonly model: GraphModel;
  readonly graph: GraphBuilder;
  readonly valueOf: (name: string) => string;
}

function convertNode(node: TopologyNode, { model, graph, valueOf }: Conversion): string {
  const x = (): string => valueOf(node.input[0] ?? '');
  const weight = (index: number) => weightOf(model.weights, node.input[index] ?? '');
  switch (node.op) {
    case 'Identity':
      return x();
    case 'Relu':
      return graph.relu(x());
    case 'AddV2':
      return graph.add(x(), valueOf(node.input[1] ?? ''));
    case 'Softmax':
      return graph.softmax(x());
    case 'Mean':
      return graph.globalMean(x());
    case '_FusedConv2D': {
      const convolved = graph.convolve(x(), {
        filters: asConvolutionFilters(weight(1)),
        bias: weight(2).values,
        stride: strideOf(node),
        padding: paddingOf(node),
      });
      return fusedOperators(node).includes('Relu') ? graph.relu(convolved) : convolved;
    }
    case 'DepthwiseConv2dNative': {
      const filters = asDepthwiseFilters(weight(1));
      return graph.convolve(x(), {
        filters,
        stride: strideOf(node),
        padding: paddingOf(node),
        groups: filters.dims[0],
      });
    }
    case 'MaxPool':
      return graph.maxPool(x(), node.attr['ksize']?.list?.i?.[1] ?? 1, strideOf(node), paddingOf(node));
    case 'Pad': {
      const [, , , rows = 0, , columns = 0, , channels = 0] = weight(1).values.slice(0, 8);
      return graph.padEnd(x(), { rows, columns, channels });
    }
    case 'Reshape':
      return graph.unfold(x(), weight(1).values.at(-1) ?? 1);
    default:
      throw new RangeError(`operator ${node.op} is not known`);
  }
}

const strideOf = (node: TopologyNode): number => node.attr['strides']?.list?.i?.[1] ?? 1;

const paddingOf = (node: TopologyNode): Padding =>
  decodeText(node.attr['padding']?.s) === 'SAME' ? 'same' : 'valid';

function fusedOperators(node: TopologyNode): string[] {
  const operators = (node.attr['fused_ops']?.list?.s ?? []).map(decodeText);
  const unknown = operators.find((name) => name !== 'BiasAdd' && name !== 'Relu');
  if (unknown !== undefined) throw new RangeError(`fused operator ${unknown} is not known`);
  return operators;
}

const decodeText = (base64 = ''): string => Buffer.from(base64, 'base64').toString('latin1');
