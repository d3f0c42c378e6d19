import type { RfmScores } from './scores.js';

/** Named groups of customers, best first; docs/segments.md says what to do about each. */
export const SEGMENTS = [
  'champions',
  'loyal',
  'potential-loyal',
  'new',
  'promising',
  'need-attention',
  'at-risk',
  'cannot-lose',
  'hibernating',
  'lost',
] as const;
export type Segment = (typeof SEGMENTS)[number];

/** By recency score (rows, 5 first) and value (columns, 1 first), the value being the mean of frequency and
 *  monetary score, halves rounded up. */
const TABLE: readonly (readonly Segment[])[] = [
  ['new', 'potential-loyal', 'potential-loyal', 'champions', 'champions'],
  ['promising', 'potential-loyal', 'potential-loyal', 'loyal', 'champions'],
  ['need-attention', 'need-attention', 'need-attention', 'loyal', 'loyal'],
  ['hibernating', 'hibernating', 'at-risk', 'at-risk', 'cannot-lose'],
  ['lost', 'lost', 'hibernating', 'at-risk', 'cannot-lose'],
];

export function segmentOf({ recency, frequency, monetary }: RfmScores): Segment {
  const value = Math.ceil((frequency + monetary) / 2);
  const segment = TABLE[5 - recency]?.[value - 1];
  if (segment === undefined) throw new RangeError(`scores are 1 to 5: ${recency}, ${frequency}, ${monetary}`);
  return segment;
}
