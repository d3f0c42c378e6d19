import { randomOf } from '@regulars/contracts/random';

export interface KMeansOptions {
  readonly clusters: number;
  readonly seed: number;
  /** Lloyd's iterations at most, 100 by default. */
  readonly iterations?: number;
  /** Starts of which the best is kept, 1 by default. */
  readonly starts?: number;
}

export interface KMeans {
  /** clusters x dimensions, row after row. */
  readonly centroids: Float64Array;
  /** Cluster of each point. */
  readonly assigned: Uint8Array;
  /** Sum of squared distances of the points to their centroids. */
  readonly inertia: number;
}

/** Lloyd's algorithm from k-means++ starts (Arthur and Vassilvitskii 2007).
 *  @param points row after row, `dimensions` values each; scaled by the caller
 *  @throws RangeError when there are fewer points than clusters, or more than 256 clusters */
export function kMeans(points: Float64Array, dimensions: number, options: KMeansOptions): KMeans {
  const count = points.length / dimensions;
  if (count < options.clusters || options.clusters > 256)
    throw new RangeError(`${options.clusters} clusters of ${count} points`);
  const random = randomOf(options.seed);
  let best: KMeans | null = null;
  for (let start = 0; start < (options.starts ?? 1); start += 1) {
    const found = lloyd(points, firstCentroids(points, dimensions, options.clusters, random), options);
    if (best === null || found.inertia < best.inertia) best = found;
  }
  if (best === null) throw new RangeError('at least one start is needed');
  return best;
}

/** Each next centroid is a point drawn with its squared distance to the nearest one before as weight. */
function firstCentroids(
  points: Float64Array,
  dimensions: number,
  clusters: number,
  random: () => number,
): Float64Array {
  const count = points.length / dimensions;
  const centroids = new Float64Array(clusters * dimensions);
  const nearest = new Float64Array(count).fill(Infinity);
  let chosen = Math.floor(random() * count);
  for (let cluster = 0; cluster < clusters; cluster += 1) {
    centroids.set(points.subarray(chosen * dimensions, (chosen + 1) * dimensions), cluster * dimensions);
    let sum = 0;
    for (let point = 0; point < count; point += 1) {
      const distance = squaredDistance(
        points,
        point * dimensions,
        centroids,
        cluster * dimensions,
        dimensions,
      );
      const least = Math.min(nearest[point] ?? 0, distance);
      nearest[point] = least;
      sum += least;
    }
    let left = random() * sum;
    chosen = 0;
    while (chosen < count - 1 && (left -= nearest[chosen] ?? 0) > 0) chosen += 1;
  }
  return centroids;
}

function lloyd(
  points: Float64Array,
  start: Float64Array,
  { clusters, iterations = 100 }: KMeansOptions,
): KMeans {
  const dimensions = start.length / clusters;
  const count = points.length / dimensions;
  let centroids = start;
  const assigned = new Uint8Array(count);
  let inertia = Infinity;
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    const sums = new Float64Array(start.length);
    const sizes = new Float64Array(clusters);
    let total = 0;
    for (let point = 0; point < count; point += 1) {
      const at = point * dimensions;
      const cluster = nearestCentroid(points, at, centroids, dimensions);
      total += squaredDistance(points, at, centroids, cluster * dimensions, dimensions);
      assigned[point] = cluster;
      sizes[cluster] = (sizes[cluster] ?? 0) + 1;
      for (let d = 0; d < dimensions; d += 1)
        sums[cluster * dimensions + d] = (sums[cluster * dimensions + d] ?? 0) + (points[at + d] ?? 0);
    }
    if (!(total < inertia)) break;
    inertia = total;
    const held = centroids;
    centroids = sums.map((sum, index) => {
      const size = sizes[Math.floor(index / dimensions)] ?? 0;
      return size === 0 ? (held[index] ?? 0) : sum / size;
    });
  }
  return { centroids, assigned, inertia };
}

/** The centroid nearest to the point that starts at `at`; of equally near ones the first. */
export function nearestCentroid(
  points: Float64Array,
  at: number,
  centroids: Float64Array,
  dimensions: number,
): number {
  let nearest = 0;
  let least = Infinity;
  for (let cluster = 0; cluster * dimensions < centroids.length; cluster += 1) {
    const distance = squaredDistance(points, at, centroids, cluster * dimensions, dimensions);
    if (distance < least) {
      least = distance;
      nearest = cluster;
    }
  }
  return nearest;
}

function squaredDistance(
  points: Float64Array,
  at: number,
  others: Float64Array,
  from: number,
  dimensions: number,
): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d += 1) sum += ((points[at + d] ?? 0) - (others[from + d] ?? 0)) ** 2;
  return sum;
}
