/** A square matrix, row by row. */
export type Matrix = Float64Array;

/** Solves A x = b for a symmetric positive definite A, by Cholesky; A is overwritten.
 *  @throws RangeError when A is not positive definite */
export function solvePositive(a: Matrix, b: Float64Array): Float64Array {
  const n = b.length;
  for (let column = 0; column < n; column += 1) {
    for (let row = column; row < n; row += 1) {
      let sum = a[row * n + column] as number;
      const [one, other] = [row * n, column * n];
      for (let k = 0; k < column; k += 1) sum -= (a[one + k] as number) * (a[other + k] as number);
      if (row === column) {
        if (!(sum > 0)) throw new RangeError('the matrix is not positive definite');
        a[other + column] = Math.sqrt(sum);
      } else {
        a[one + column] = sum / (a[other + column] as number);
      }
    }
  }
  const x = Float64Array.from(b);
  for (let row = 0; row < n; row += 1) {
    let sum = x[row] as number;
    for (let k = 0; k < row; k += 1) sum -= (a[row * n + k] as number) * (x[k] as number);
    x[row] = sum / (a[row * n + row] as number);
  }
  for (let row = n - 1; row >= 0; row -= 1) {
    let sum = x[row] as number;
    for (let k = row + 1; k < n; k += 1) sum -= (a[k * n + row] as number) * (x[k] as number);
    x[row] = sum / (a[row * n + row] as number);
  }
  return x;
}

const MOST_SWEEPS = 60;
const SMALL = 1e-12;

/** Eigenvalues and vectors of a symmetric matrix of `n` rows, by Jacobi's rotations; the matrix is overwritten.
 *  @returns the largest in magnitude first; vectors of unit length */
export function eigenvectors(a: Matrix, n: number): { readonly value: number; readonly vector: number[] }[] {
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) v[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep += 1) {
    let off = 0;
    let all = 0;
    for (let i = 0; i < n; i += 1) {
      for (let j = 0; j < n; j += 1) {
        const square = (a[i * n + j] as number) ** 2;
        all += square;
        if (i !== j) off += square;
      }
    }
    if (off <= SMALL * SMALL * all) break;
    for (let p = 0; p < n - 1; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, v, { n, p, q });
  }
  return Array.from({ length: n }, (_, k) => ({
    value: a[k * n + k] as number,
    vector: Array.from({ length: n }, (__, i) => v[i * n + k] as number),
  })).sort((one, other) => Math.abs(other.value) - Math.abs(one.value));
}

/** Makes a[p][q] zero. */
function rotate(a: Matrix, v: Matrix, { n, p, q }: { n: number; p: number; q: number }): void {
  const apq = a[p * n + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turn = (matrix: Matrix, one: number, other: number): void => {
    const [x, y] = [matrix[one] as number, matrix[other] as number];
    matrix[one] = c * x - s * y;
    matrix[other] = s * x + c * y;
  };
  for (let k = 0; k < n; k += 1) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k += 1) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k += 1) turn(v, k * n + p, k * n + q);
}
