import { eigenvectors, solvePositive } from './linear-algebra.js';
import { crowdingOf, type Crowding } from './scoring.js';

/** An embedding of unit length and whose it is. */
export interface LabelledEmbedding {
  readonly person: string;
  readonly embedding: Float32Array;
}

/** Chosen by crossfitting on LFW folds 1 and 2 (ridge .03 to 3, weight 1 to 5, 5 to 20 neighbours, rank 8 to all):
 *  the share matched at one false match in 10,000 lies between .84 and .86 for all of them. */
const FIT = {
  /** Strangers whose mean cosine is predicted. */
  neighbours: 10,
  ridge: 0.1,
  /** Of the quadratic terms against the linear ones. */
  quadraticWeight: 2,
  /** Directions of the quadratic form that are kept. */
  rank: 32,
} as const;

/** Fewer strangers are no crowd: with 20 the correction harms. */
export const LEAST_PEOPLE = 100;

/** Fits how crowded a face's region is: the mean cosine to its ten nearest strangers, one picture of each, predicted
 *  from the embedding by ridge regression on its linear and quadratic terms (a polynomial kernel).
 *  @throws RangeError with fewer than LEAST_PEOPLE people */
export function fitCrowding(faces: readonly LabelledEmbedding[]): Crowding {
  const cohort = [...new Map([...faces].reverse().map((face) => [face.person, face])).values()];
  if (cohort.length < LEAST_PEOPLE) {
    throw new RangeError(`pictures of ${LEAST_PEOPLE} people are needed, there are ${cohort.length}`);
  }
  const n = faces.length;
  const targets = Float64Array.from(faces, (face) => nearestMean(face, cohort));
  const mean = targets.reduce((sum, value) => sum + value, 0) / n;
  const kernel = new Float64Array(n * n);
  faces.forEach(({ embedding }, i) => {
    for (let j = 0; j <= i; j += 1) {
      const cosine = dotProduct(embedding, (faces[j] as LabelledEmbedding).embedding);
      kernel[i * n + j] = kernel[j * n + i] =
        cosine + FIT.quadraticWeight * cosine * cosine + (i === j ? FIT.ridge : 0);
    }
  });
  const weights = solvePositive(
    kernel,
    targets.map((value) => value - mean),
  );
  return centred(explicitForm(faces, weights), faces);
}

function nearestMean({ person, embedding }: LabelledEmbedding, cohort: readonly LabelledEmbedding[]): number {
  const nearest = cohort
    .flatMap((other) => (other.person === person ? [] : [dotProduct(embedding, other.embedding)]))
    .sort((one, other) => other - one)
    .slice(0, FIT.neighbours);
  return nearest.reduce((sum, cosine) => sum + cosine, 0) / nearest.length;
}

/** The regression in terms of an embedding's components instead of the pictures that it was fitted on: none of them
 *  is needed, or kept, to apply it. */
function explicitForm(faces: readonly LabelledEmbedding[], weights: Float64Array): Crowding {
  const size = faces[0]?.embedding.length ?? 0;
  const linear = new Float64Array(size);
  const form = new Float64Array(size * size);
  faces.forEach(({ embedding }, face) => {
    const weight = weights[face] as number;
    for (let i = 0; i < size; i += 1) {
      const scaled = weight * (embedding[i] as number);
      linear[i] = (linear[i] as number) + scaled;
      for (let j = 0; j < size; j += 1) {
        const at = i * size + j;
        form[at] = (form[at] as number) + FIT.quadraticWeight * scaled * (embedding[j] as number);
      }
    }
  });
  // The part that is the same in all directions is a constant for unit vectors, and would fill the rank.
  let trace = 0;
  for (let i = 0; i < size; i += 1) trace += form[i * size + i] as number;
  for (let i = 0; i < size; i += 1) form[i * size + i] = (form[i * size + i] as number) - trace / size;
  const kept = eigenvectors(form, size).slice(0, FIT.rank);
  return {
    constant: 0,
    linear: [...linear],
    values: kept.map(({ value }) => value),
    vectors: kept.map(({ vector }) => vector),
  };
}

/** The same with the average face at 0. */
function centred(crowding: Crowding, faces: readonly LabelledEmbedding[]): Crowding {
  const sum = faces.reduce((total, { embedding }) => total + crowdingOf(crowding, embedding), 0);
  return { ...crowding, constant: -sum / faces.length };
}

function dotProduct(one: Float32Array, other: Float32Array): number {
  let product = 0;
  for (let i = 0; i < one.length; i += 1) product += (one[i] as number) * (other[i] as number);
  return product;
}

/** Crowding by fits in which the face's person had no part, so that an evaluation on the pictures of the fit tells
 *  what strangers will meet.
 *  @param folds people are dealt to so many in the order of their names
 *  @returns for a face of one of these people, from any of its pictures, its crowding
 *  @throws RangeError as fitCrowding does */
export function crossfitCrowding(
  faces: readonly LabelledEmbedding[],
  folds = 10,
): (face: LabelledEmbedding) => number {
  const people = [...new Set(faces.map(({ person }) => person))].sort();
  const foldOf = new Map(people.map((person, index) => [person, index % folds]));
  const fits = Array.from({ length: folds }, (_, fold) =>
    fitCrowding(faces.filter(({ person }) => foldOf.get(person) !== fold)),
  );
  return ({ person, embedding }) => {
    const fit = fits[foldOf.get(person) ?? -1];
    if (fit === undefined) throw new RangeError(`${person} is none of the people of the fit`);
    return crowdingOf(fit, embedding);
  };
}
