import { z } from 'zod';

const Numbers = z.array(z.number());

/** How crowded the region is that a face lies in, as a quadratic function of its embedding: constant + linear . e +
 *  the sum of values[k] * (vectors[k] . e)^2. In units of cosine, 0 for the average face. */
export const Crowding = z
  .strictObject({
    constant: z.number(),
    linear: Numbers,
    values: Numbers,
    vectors: z.array(Numbers),
  })
  .refine(
    ({ linear, values, vectors }) =>
      vectors.length === values.length && vectors.every((v) => v.length === linear.length),
    {
      error: 'vectors, values and linear are of different lengths',
    },
  );
export type Crowding = z.infer<typeof Crowding>;

/** Shares of comparisons of two people that lie at or below a distance, from the rarest to the most frequent. */
export const Tail = z
  .array(z.tuple([z.number().gt(0).lt(1), z.number()]))
  .min(2)
  .refine(
    (points) =>
      points.every(
        ([rate, distance], i) =>
          i === 0 || (rate > (points[i - 1]?.[0] ?? 0) && distance >= (points[i - 1]?.[1] ?? 0)),
      ),
    {
      error: 'rates and distances must rise',
    },
  );
export type Tail = z.infer<typeof Tail>;

/** What was measured of a recogniser, so that two of its embeddings can be compared and their distance be judged.
 *  Numbers about the recogniser; nothing in it is about one person. */
export const FaceScoring = z.strictObject({
  scoringVersion: z.literal(1),
  /** Recogniser, as named in models/manifest.json. */
  model: z.string(),
  crowding: Crowding,
  /** Distances of templates of two people, close looks both. A quick look is a little further from everybody, so
   *  what holds for close looks is never too optimistic. */
  templates: Tail,
  /** How much nearer to strangers the mean of several views is, for each unit of length that it lost (lengthLost):
   *  what it is taken further, so that the tail, which is of single views, holds for it. Absent: not measured. */
  meanNearness: z.number().min(0).optional(),
  fitted: z.strictObject({
    on: z.string(),
    people: z.int().positive(),
    pictures: z.int().positive(),
    /** First digits of the sha256 of each picture's file, so that an evaluation on the same pictures is noticed. */
    digests: z.array(z.string().regex(/^[0-9a-f]{8}$/)),
  }),
});
export type FaceScoring = z.infer<typeof FaceScoring>;

/** Crowding of the region in which an embedding lies: how much nearer than for the average face its ten nearest
 *  strangers are, in cosine. A face of a crowded region comes near to many people who are somebody else.
 *  @param embedding unit length
 *  @throws RangeError when the embedding is another recogniser's */
export function crowdingOf({ constant, linear, values, vectors }: Crowding, embedding: Float32Array): number {
  if (embedding.length !== linear.length) {
    throw new RangeError(`expected ${linear.length} components, got ${embedding.length}`);
  }
  let sum = constant + dot(linear, embedding);
  for (let k = 0; k < values.length; k += 1) {
    const along = dot(vectors[k] ?? [], embedding);
    sum += (values[k] ?? 0) * along * along;
  }
  return sum;
}

function dot(one: readonly number[], other: Float32Array): number {
  let product = 0;
  for (let i = 0; i < one.length; i += 1) product += (one[i] as number) * (other[i] as number);
  return product;
}

/** Distance of two faces: 1 - cosine, and half of each face's crowding, so that nobody is everybody's false match.
 *  @param cosine of their embeddings
 *  @returns not below 0 */
export function scoredDistance(cosine: number, crowdingOfOne: number, crowdingOfOther: number): number {
  return Math.max(0, 1 - cosine + (crowdingOfOne + crowdingOfOther) / 2);
}

/** So much further is one template of a person who has several taken than their mean direction, which errs less; the
 *  nearest of them still speaks for a look that the mean has lost. Chosen on the people of one half of LFW folds 1 and 2
 *  (0 to .015, and the mean alone): with 100 people and three templates it takes the share missed at FPIR 1 % from .047
 *  to .040 there, and from .020 to .020 on the other half. */
export const ONE_OF_SEVERAL = 0.005;

/** Share of comparisons of two people that lie at or below a distance. Between the measured points log(rate) is
 *  linear in the distance, beyond them it goes on as between the last two, which overestimates: the tail of what is
 *  nearly a normal distribution falls ever faster.
 *  @returns 0 to 1 */
export function rateAt(tail: Tail, distance: number): number {
  const upper = tail.findIndex(([, at]) => at >= distance);
  const [low, high] = segment(tail, upper === -1 ? tail.length - 1 : upper);
  const width = high[1] - low[1];
  const share = width > 0 ? (distance - low[1]) / width : 1;
  return Math.min(1, Math.exp(Math.log(low[0]) + share * Math.log(high[0] / low[0])));
}

/** Distance at or below which so many of the comparisons of two people lie; the inverse of rateAt.
 *  @returns may be below 0, where no distance is that rare */
export function distanceAtRate(tail: Tail, rate: number): number {
  const upper = tail.findIndex(([at]) => at >= rate);
  const [low, high] = segment(tail, upper === -1 ? tail.length - 1 : upper);
  const share = Math.log(rate / low[0]) / Math.log(high[0] / low[0]);
  return low[1] + share * (high[1] - low[1]);
}

type Point = readonly [rate: number, distance: number];

function segment(tail: Tail, upper: number): readonly [Point, Point] {
  const right = Math.max(1, upper);
  return [tail[right - 1] as Point, tail[right] as Point];
}
