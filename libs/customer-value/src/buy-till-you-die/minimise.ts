interface Vertex {
  readonly at: readonly number[];
  readonly value: number;
}

type Objective = (at: readonly number[]) => number;

/** Nelder and Mead's simplex, started anew from its result until that no longer helps.
 *  @param objective NaN and Infinity count as worse than anything
 *  @returns the best point found, its value, and whether the last start settled */
export function minimise(
  objective: Objective,
  start: readonly number[],
): { at: number[]; value: number; isSettled: boolean } {
  const safe: Objective = (at) => {
    const value = objective(at);
    return Number.isNaN(value) ? Infinity : value;
  };
  let best: Vertex = { at: start, value: safe(start) };
  for (let restart = 0; restart < 8; restart += 1) {
    const found = simplex(safe, best.at, restart === 0 ? 0.5 : 0.1);
    const gain = best.value - found.value;
    if (found.value <= best.value) best = found;
    if (restart > 0 && gain < 1e-10 * (1 + Math.abs(best.value)))
      return { at: [...best.at], value: best.value, isSettled: true };
  }
  return { at: [...best.at], value: best.value, isSettled: false };
}

function simplex(objective: Objective, start: readonly number[], step: number): Vertex {
  const vertexAt = (at: readonly number[]): Vertex => ({ at, value: objective(at) });
  const vertices = [
    vertexAt(start),
    ...start.map((_, d) => vertexAt(start.map((value, i) => value + (i === d ? step : 0)))),
  ];
  for (let iteration = 0; iteration < 250 * start.length; iteration += 1) {
    vertices.sort((one, other) => one.value - other.value);
    const [best, worst] = [vertices[0], vertices.at(-1)];
    const second = vertices.at(-2);
    if (best === undefined || worst === undefined || second === undefined) break;
    if (worst.value - best.value < 1e-13 * (1 + Math.abs(best.value)) && spreadOf(vertices) < 1e-6) break;
    const middle = start.map(
      (_, d) => vertices.slice(0, -1).reduce((sum, { at }) => sum + (at[d] ?? 0), 0) / start.length,
    );
    const along = (factor: number) =>
      vertexAt(middle.map((value, d) => value + factor * ((worst.at[d] ?? 0) - value)));
    const next = nextVertex(along, { best, second, worst });
    if (next !== null) vertices[vertices.length - 1] = next;
    else
      vertices.forEach(({ at }, index) => {
        if (index > 0) vertices[index] = vertexAt(at.map((value, d) => ((best.at[d] ?? 0) + value) / 2));
      });
  }
  return vertices.reduce((best, vertex) => (vertex.value < best.value ? vertex : best));
}

/** Reflection, expansion or contraction; null asks for shrinking. */
function nextVertex(
  along: (factor: number) => Vertex,
  { best, second, worst }: { best: Vertex; second: Vertex; worst: Vertex },
): Vertex | null {
  const reflected = along(-1);
  if (reflected.value < best.value) {
    const expanded = along(-2);
    return expanded.value < reflected.value ? expanded : reflected;
  }
  if (reflected.value < second.value) return reflected;
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
  return contracted.value < Math.min(reflected.value, worst.value) ? contracted : null;
}

function spreadOf(vertices: readonly Vertex[]): number {
  const first = vertices[0]?.at ?? [];
  return Math.max(...vertices.flatMap(({ at }) => at.map((value, d) => Math.abs(value - (first[d] ?? 0)))));
}

/** Standard errors of maximum-likelihood estimates from the curvature of the log-likelihood there.
 *  @param negative minus the summed log-likelihood
 *  @returns NaN where the likelihood is flat */
export function standardErrors(negative: Objective, at: readonly number[]): number[] {
  const step = 1e-3;
  const moved = (...moves: readonly [number, number][]) =>
    negative(at.map((value, d) => value + moves.reduce((sum, [to, by]) => sum + (to === d ? by : 0), 0)));
  const hessian = at.map((_, i) =>
    at.map(
      (__, j) =>
        (moved([i, step], [j, step]) -
          moved([i, step], [j, -step]) -
          moved([i, -step], [j, step]) +
          moved([i, -step], [j, -step])) /
        (4 * step * step),
    ),
  );
  return inverseDiagonal(hessian).map((variance) => Math.sqrt(variance));
}

/** Gauss and Jordan, with pivots from the diagonal: the matrix is positive definite at a minimum. */
function inverseDiagonal(matrix: readonly (readonly number[])[]): number[] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const row = rows[pivot] ?? [];
    const divisor = row[pivot] ?? NaN;
    rows[pivot] = row.map((value) => value / divisor);
    for (let other = 0; other < size; other += 1) {
      if (other === pivot) continue;
      const factor = rows[other]?.[pivot] ?? 0;
      rows[other] = (rows[other] ?? []).map((value, j) => value - factor * (rows[pivot]?.[j] ?? 0));
    }
  }
  return rows.map((row, i) => row[size + i] ?? NaN);
}
