import { addEightTransposed } from './eight-rows';
import { multiplyAdd } from './functions';

/** Eight columns of a plain matrix C (m x n) += the transpose of A (k x m, in strips, see product.ts) times a strip
 *  of B (k x 8). Pointers in bytes.
 *  @param cRow bytes from row to row of C
 *  @param aStrip bytes from strip to strip of A */
export function addTransposedProduct(
  c: usize,
  cRow: usize,
  a: usize,
  aStrip: usize,
  b: usize,
  m: i32,
  k: i32,
): void {
  for (let column = 0; column < m;) {
    const at = a + ((column >> 3) as usize) * aStrip + (((column & 7) as usize) << 2);
    const left = m - column;
    const columns = EIGHT_ROWS && left >= 8 ? 8 : left >= 4 ? 4 : 1;
    if (EIGHT_ROWS && columns === 8) addEightTransposed(c, cRow, at, b, k);
    else if (columns === 4) four(c, cRow, at, b, k);
    else one(c, at, b, k);
    c += (columns as usize) * cRow;
    column += columns;
  }
}

function four(c: usize, cRow: usize, a: usize, b: usize, k: i32): void {
  const c1 = c + cRow;
  const c2 = c1 + cRow;
  const c3 = c2 + cRow;
  let s00 = v128.load(c);
  let s01 = v128.load(c, 16);
  let s10 = v128.load(c1);
  let s11 = v128.load(c1, 16);
  let s20 = v128.load(c2);
  let s21 = v128.load(c2, 16);
  let s30 = v128.load(c3);
  let s31 = v128.load(c3, 16);
  const end = a + ((k as usize) << 5);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    s00 = multiplyAdd(s00, x, b0);
    s01 = multiplyAdd(s01, x, b1);
    x = v128.load32_splat(a, 4);
    s10 = multiplyAdd(s10, x, b0);
    s11 = multiplyAdd(s11, x, b1);
    x = v128.load32_splat(a, 8);
    s20 = multiplyAdd(s20, x, b0);
    s21 = multiplyAdd(s21, x, b1);
    x = v128.load32_splat(a, 12);
    s30 = multiplyAdd(s30, x, b0);
    s31 = multiplyAdd(s31, x, b1);
    a += 32;
    b += 32;
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
}

function one(c: usize, a: usize, b: usize, k: i32): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  const end = a + ((k as usize) << 5);
  while (a < end) {
    const x = v128.load32_splat(a);
    s0 = multiplyAdd(s0, x, v128.load(b));
    s1 = multiplyAdd(s1, x, v128.load(b, 16));
    a += 32;
    b += 32;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}
