import type { PointPx } from '../vision.js';

/** Landmarks that stand still when the mouth opens and the jaw is turned: brows, nose, eyes and mouth, 17 to 67 of
 *  the 68. */
export const FIRST_INNER_LANDMARK = 17;

/** x, y of these in a chip of 150 px aligned by five points: means over the 1,583 photographs of LFW folds 1 and 2. */
// prettier-ignore
const MEANS: readonly (readonly [number, number])[] = [
  [25.14, 33.98], [32.46, 29.09], [42.02, 27.28], [50.90, 27.77], [58.94, 30.60], [89.50, 30.62],
  [97.19, 27.99], [105.75, 26.82], [115.82, 28.47], [122.84, 33.25], [74.12, 48.06], [74.37, 59.20],
  [74.54, 69.56], [74.25, 79.18], [64.18, 85.12], [68.73, 86.90], [74.46, 88.04], [80.36, 86.29],
  [84.91, 85.22], [37.74, 46.31], [43.35, 44.37], [51.07, 44.05], [57.82, 47.63], [52.00, 50.29],
  [43.80, 49.61], [89.83, 47.51], [96.97, 43.60], [105.13, 43.81], [110.19, 46.82], [104.64, 49.86],
  [96.58, 49.27], [51.88, 105.70], [59.73, 101.47], [69.48, 98.80], [74.61, 99.67], [79.59, 98.33],
  [89.77, 101.82], [97.81, 105.85], [89.40, 112.85], [82.41, 116.64], [74.51, 117.82], [67.57, 116.93],
  [60.08, 113.63], [53.26, 105.92], [67.37, 104.12], [74.62, 104.21], [81.43, 104.47], [95.77, 105.64],
  [81.66, 109.32], [74.83, 110.04], [68.06, 109.53],
];

/** The mean face of a chip of 150 px, in the order of the landmarks. */
export const MEAN_FACE: readonly PointPx[] = MEANS.map(([x, y]) => ({ x, y }));
