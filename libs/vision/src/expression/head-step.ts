import { copyOfHead, forward, parametersOf, softmaxRows, type Head } from './head.js';

/** Examples to learn from or to look at. */
export interface HeadExamples {
  /** [example][input] */
  readonly features: Float32Array;
  /** [example][output]: a distribution over the classes; soft where raters disagree. */
  readonly targets: Float32Array;
  /** How much each example counts; 1 each when absent. */
  readonly weights?: Float32Array;
}

/** What Adam remembers besides the weights. */
export interface AdamState {
  /** Moves made. */
  steps: number;
  readonly means: readonly Float32Array[];
  readonly squares: readonly Float32Array[];
}

export interface AdamOptions {
  readonly learningRate: number;
  /** How strongly each weight is drawn to `anchor`, 1 / moves at the learning rate 1; 0: not at all. */
  readonly pull: number;
  /** Weights that are known to be good; nought when null. */
  readonly anchor: Head | null;
}

/** Adam's constants as its paper gives them and Keras has them (Kingma and Ba 2015, algorithm 1; epsilon 1e-7). */
const [FIRST, SECOND, EPSILON] = [0.9, 0.999, 1e-7];

export function newAdamState(head: Head): AdamState {
  const noughts = () => parametersOf(head).map(({ length }) => new Float32Array(length));
  return { steps: 0, means: noughts(), squares: noughts() };
}

/** Sums of a batch. */
export interface BatchSums {
  /** Softmax cross-entropy, nats, weighted. */
  loss: number;
  /** Weight of the examples whose likeliest class is the target's. */
  right: number;
  /** Weight of all. */
  weight: number;
}

function likeliest(values: Float32Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k += 1) if ((values[k] as number) > (values[best] as number)) best = k;
  return best;
}

/** Workspace for slopes and values of one example at a time. */
export class HeadSlopes {
  readonly slopes: Head;
  private readonly hidden: Float32Array;
  private readonly logits: Float32Array;

  constructor(private readonly head: Head) {
    this.slopes = copyOfHead(head);
    this.hidden = new Float32Array(head.shape.hidden);
    this.logits = new Float32Array(head.shape.outputs);
  }

  clear(): void {
    for (const values of parametersOf(this.slopes)) values.fill(0);
  }

  /** Adds one example's loss to `sums` and, where asked, its slopes to those of the batch. */
  add(examples: HeadExamples, index: number, sums: BatchSums, learns: boolean): void {
    const { inputs, outputs } = this.head.shape;
    const weight = examples.weights?.[index] ?? 1;
    const target = examples.targets.subarray(index * outputs, (index + 1) * outputs);
    forward(this.head, examples.features, index * inputs, this.hidden, this.logits);
    softmaxRows(this.logits, outputs);
    for (let k = 0; k < outputs; k += 1) {
      const share = target[k] as number;
      if (share > 0) sums.loss -= weight * share * Math.log(Math.max(this.logits[k] as number, 1e-12));
    }
    if (likeliest(this.logits) === likeliest(target)) sums.right += weight;
    sums.weight += weight;
    if (!learns) return;
    for (let k = 0; k < outputs; k += 1) {
      this.logits[k] = weight * ((this.logits[k] as number) - (target[k] as number));
    }
    this.learn(examples.features, index * inputs);
  }

  /** `logits` holds the loss's slopes by the logits now. */
  private learn(features: Float32Array, at: number): void {
    const { inputs, hidden: width, outputs } = this.head.shape;
    const { slopes, hidden, logits } = this;
    for (let k = 0; k < outputs; k += 1) {
      slopes.outputBias[k] = (slopes.outputBias[k] as number) + (logits[k] as number);
    }
    for (let j = 0; j < width; j += 1) {
      const value = hidden[j] as number;
      if (value === 0) continue;
      let slope = 0;
      for (let k = 0; k < outputs; k += 1) {
        const place = j * outputs + k;
        slopes.outputWeights[place] = (slopes.outputWeights[place] as number) + value * (logits[k] as number);
        slope += (logits[k] as number) * (this.head.outputWeights[place] as number);
      }
      hidden[j] = slope;
      slopes.hiddenBias[j] = (slopes.hiddenBias[j] as number) + slope;
    }
    for (let i = 0; i < inputs; i += 1) {
      const value = features[at + i] as number;
      if (value === 0) continue;
      const row = i * width;
      for (let j = 0; j < width; j += 1) {
        slopes.hiddenWeights[row + j] =
          (slopes.hiddenWeights[row + j] as number) + value * (hidden[j] as number);
      }
    }
  }

  /** Moves the head against the batch's mean slopes.
   *  @param weight of the batch's examples together */
  move(state: AdamState, options: AdamOptions, weight: number): void {
    state.steps += 1;
    const rate = (options.learningRate * Math.sqrt(1 - SECOND ** state.steps)) / (1 - FIRST ** state.steps);
    const anchors = options.anchor && parametersOf(options.anchor);
    const slopes = parametersOf(this.slopes);
    parametersOf(this.head).forEach((values, part) => {
      const [mean, square, slope] = [state.means[part], state.squares[part], slopes[part]];
      if (!mean || !square || !slope) return;
      const anchor = anchors?.[part];
      const pull = options.pull * options.learningRate;
      for (let i = 0; i < values.length; i += 1) {
        const g = (slope[i] as number) / weight;
        const m = FIRST * (mean[i] as number) + (1 - FIRST) * g;
        const s = SECOND * (square[i] as number) + (1 - SECOND) * g * g;
        mean[i] = m;
        square[i] = s;
        const value = values[i] as number;
        // Decoupled from the slopes, as in AdamW (Loshchilov and Hutter 2019).
        values[i] = value - (rate * m) / (Math.sqrt(s) + EPSILON) - pull * (value - (anchor?.[i] ?? 0));
      }
    });
  }
}
