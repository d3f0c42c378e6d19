/** An array of numbers with its dimensions, outermost first. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string };

export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export type Constant =
  | ({ readonly kind: 'float'; readonly name: string } & Tensor)
  | { readonly kind: 'int64'; readonly name: string; readonly values: readonly number[] };

/** Dimensions of an input or output; null is the batch, which may be of any size. */
export type Shape = readonly (number | null)[];

/** An ONNX graph before it is written. */
export interface Graph {
  readonly name: string;
  readonly input: {
    readonly name: string;
    readonly shape: Shape;
    /** Bytes when absent. */
    readonly type?: 'uint8' | 'float32';
  };
  readonly outputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
}

/** How TensorFlow pads: `same` keeps ceil(size / stride), with the odd pixel at bottom and right. */
export type Padding = 'same' | 'valid';

export interface Convolution {
  /** Output channels, input channels per group, height, width. */
  readonly filters: Tensor;
  readonly bias?: Float32Array;
  readonly stride?: number;
  readonly padding: Padding;
  readonly groups?: number;
}

const int = (value: number): Attribute => ({ kind: 'int', value });
const ints = (...value: number[]): Attribute => ({ kind: 'ints', value });
const text = (value: string): Attribute => ({ kind: 'string', value });
const autoPad = (padding: Padding): Attribute => text(padding === 'same' ? 'SAME_UPPER' : 'VALID');

/** Builds a graph node by node. Methods take and give names of values, which are NCHW where they are pictures. */
export class GraphBuilder {
  private readonly nodes: GraphNode[] = [];
  private readonly constants: Constant[] = [];
  private readonly outputs: { name: string; shape: Shape }[] = [];

  constructor(
    private readonly name: string,
    private readonly inputShape: Shape,
  ) {}

  /** Any operator; see the operator's own page in the ONNX reference, opset 13. */
  apply(operator: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const output = `value_${this.nodes.length}`;
    this.nodes.push({ operator, inputs, output, attributes });
    return output;
  }

  constant(tensor: Tensor): string {
    const name = `constant_${this.constants.length}`;
    this.constants.push({ kind: 'float', name, ...tensor });
    return name;
  }

  integers(values: readonly number[]): string {
    const name = `constant_${this.constants.length}`;
    this.constants.push({ kind: 'int64', name, values });
    return name;
  }

  /** The input, uint8 RGB NHWC, as float NCHW. */
  picture(): string {
    const transposed = this.apply('Transpose', ['input'], { perm: ints(0, 3, 1, 2) });
    return this.apply('Cast', [transposed], { to: int(1) });
  }

  /** The input in grey levels of 0 to 255, one channel.
   *  @param shares of red, green and blue */
  grey(shares: readonly [number, number, number]): string {
    return this.convolve(this.picture(), {
      filters: { dims: [1, shares.length, 1, 1], values: Float32Array.from(shares) },
      padding: 'valid',
    });
  }

  /** (picture - mean) * scale, the mean per channel. */
  normalise(mean: readonly number[], scale: number): string {
    const means = this.constant({ dims: [1, mean.length, 1, 1], values: Float32Array.from(mean) });
    const factor = this.constant({ dims: [1], values: Float32Array.of(scale) });
    return this.apply('Mul', [this.apply('Sub', [this.picture(), means]), factor]);
  }

  /** Bilinear, as PyTorch and OpenCV enlarge: the edges of the picture stay where they are.
   *  @param factor of height and width */
  enlarge(x: string, factor: number): string {
    if (factor === 1) return x;
    const scales = this.constant({ dims: [4], values: Float32Array.of(1, 1, factor, factor) });
    return this.apply('Resize', [x, '', scales], {
      mode: text('linear'),
      coordinate_transformation_mode: text('half_pixel'),
    });
  }

  convolve(x: string, { filters, bias, stride = 1, padding, groups = 1 }: Convolution): string {
    const inputs = [x, this.constant(filters)];
    if (bias !== undefined) inputs.push(this.constant({ dims: [bias.length], values: bias }));
    return this.apply('Conv', inputs, {
      kernel_shape: ints(...filters.dims.slice(2)),
      strides: ints(stride, stride),
      auto_pad: autoPad(padding),
      group: int(groups),
    });
  }

  relu(x: string): string {
    return this.apply('Relu', [x]);
  }

  add(a: string, b: string): string {
    return this.apply('Add', [a, b]);
  }

  maxPool(x: string, size: number, stride: number, padding: Padding): string {
    return this.pool('MaxPool', x, { size, stride, padding });
  }

  averagePool(x: string, size: number, stride: number): string {
    return this.pool('AveragePool', x, { size, stride, padding: 'valid' });
  }

  private pool(
    operator: string,
    x: string,
    pool: { size: number; stride: number; padding: Padding },
  ): string {
    return this.apply(operator, [x], {
      kernel_shape: ints(pool.size, pool.size),
      strides: ints(pool.stride, pool.stride),
      auto_pad: autoPad(pool.padding),
    });
  }

  /** Zeros after the end of channels, rows and columns. */
  padEnd(x: string, extra: { channels?: number; rows?: number; columns?: number }): string {
    const after = [0, extra.channels ?? 0, extra.rows ?? 0, extra.columns ?? 0];
    return this.apply('Pad', [x, this.integers([0, 0, 0, 0, ...after])]);
  }

  /** Mean over height and width: [batch, channels]. */
  globalMean(x: string): string {
    return this.apply('Flatten', [this.apply('GlobalAveragePool', [x])], { axis: int(1) });
  }

  /** [batch, rows] times [rows, columns], with an optional bias. */
  dense(x: string, weights: Tensor, bias?: Float32Array): string {
    const product = this.apply('MatMul', [x, this.constant(weights)]);
    return bias === undefined
      ? product
      : this.add(product, this.constant({ dims: [bias.length], values: bias }));
  }

  /** A picture's values in TensorFlow's order (rows, columns, channels), cut into items of `width` values. */
  unfold(x: string, width: number): string {
    const nhwc = this.apply('Transpose', [x], { perm: ints(0, 2, 3, 1) });
    return this.apply('Reshape', [nhwc, this.integers([0, -1, width])]);
  }

  concat(values: readonly string[], axis: number): string {
    return this.apply('Concat', values, { axis: int(axis) });
  }

  softmax(x: string): string {
    return this.apply('Softmax', [x], { axis: int(-1) });
  }

  /** Declares a value to be an output under a name of its own. */
  output(name: string, value: string, shape: Shape): void {
    this.nodes.push({ operator: 'Identity', inputs: [value], output: name, attributes: {} });
    this.outputs.push({ name, shape });
  }

  build(): Graph {
    return {
      name: this.name,
      input: { name: 'input', shape: this.inputShape },
      outputs: this.outputs,
      nodes: this.nodes,
      constants: this.constants,
    };
  }
}
