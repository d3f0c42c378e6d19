import { multiplyEight } from './eight-rows';
import { multiplyAdd } from './functions';

/** Products of matrices of 32-bit floats in **strips**: eight adjacent columns, rows 32 bytes apart, one strip after
 *  the other. What four rows of a strip need is then at fixed distances from one address, and is read from few cache
 *  lines, where plain rows whose length is a power of two compete for the same ones. Pointers in bytes.
 *
 *  One strip of C (m x 8) = a row + A1 (m x k1) B1 + A2 (m x k2) B2. Four rows of C stay in registers over all of k
 *  (or eight, see eight-rows.ts); V8 loads what a round of the loop needs before it multiplies, so with five or six
 *  rows, or two rounds in one, the sixteen registers do not suffice (measured: a sixth to a fifth slower).
 *  @param cRow bytes from row to row of C
 *  @param row the eight values that each row of C begins with
 *  @param aStrip bytes from strip to strip of A1 and of A2
 *  @param b k1 rows of B1, then k2 rows of B2 */
export function multiplyStrip(
  c: usize,
  cRow: usize,
  row: usize,
  a1: usize,
  k1: i32,
  a2: usize,
  k2: i32,
  aStrip: usize,
  b: usize,
  m: i32,
): void {
  let left = m;
  if (EIGHT_ROWS) {
    for (; left >= 8; left -= 8) {
      multiplyEight(c, cRow, row, a1, k1, a2, k2, aStrip, b);
      c += 8 * cRow;
      a1 += 256;
      a2 += 256;
    }
  }
  for (; left >= 4; left -= 4) {
    four(c, cRow, row, a1, k1, a2, k2, aStrip, b);
    c += 4 * cRow;
    a1 += 128;
    a2 += 128;
  }
  for (; left > 0; left -= 1) {
    one(c, row, a1, k1, a2, k2, aStrip, b);
    c += cRow;
    a1 += 32;
    a2 += 32;
  }
}

function four(
  c: usize,
  cRow: usize,
  row: usize,
  a1: usize,
  k1: i32,
  a2: usize,
  k2: i32,
  aStrip: usize,
  b: usize,
): void {
  let s00 = v128.load(row);
  let s01 = v128.load(row, 16);
  let s10 = s00;
  let s11 = s01;
  let s20 = s00;
  let s21 = s01;
  let s30 = s00;
  let s31 = s01;
  let strip = a1;
  let k = k1;
  for (;;) {
    let a = strip;
    const end = a + ((min(k, 8) as usize) << 2);
    while (a < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let x = v128.load32_splat(a);
      s00 = multiplyAdd(s00, x, b0);
      s01 = multiplyAdd(s01, x, b1);
      x = v128.load32_splat(a, 32);
      s10 = multiplyAdd(s10, x, b0);
      s11 = multiplyAdd(s11, x, b1);
      x = v128.load32_splat(a, 64);
      s20 = multiplyAdd(s20, x, b0);
      s21 = multiplyAdd(s21, x, b1);
      x = v128.load32_splat(a, 96);
      s30 = multiplyAdd(s30, x, b0);
      s31 = multiplyAdd(s31, x, b1);
      b += 32;
      a += 4;
    }
    k -= 8;
    strip += aStrip;
    if (k <= 0) {
      if (k2 <= 0) break;
      k = k2;
      k2 = 0;
      strip = a2;
    }
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  c += cRow;
  v128.store(c, s10);
  v128.store(c, s11, 16);
  c += cRow;
  v128.store(c, s20);
  v128.store(c, s21, 16);
  c += cRow;
  v128.store(c, s30);
  v128.store(c, s31, 16);
}

function one(c: usize, row: usize, a1: usize, k1: i32, a2: usize, k2: i32, aStrip: usize, b: usize): void {
  let s0 = v128.load(row);
  let s1 = v128.load(row, 16);
  let strip = a1;
  let k = k1;
  for (;;) {
    let a = strip;
    const end = a + ((min(k, 8) as usize) << 2);
    while (a < end) {
      const x = v128.load32_splat(a);
      s0 = multiplyAdd(s0, x, v128.load(b));
      s1 = multiplyAdd(s1, x, v128.load(b, 16));
      b += 32;
      a += 4;
    }
    k -= 8;
    strip += aStrip;
    if (k <= 0) {
      if (k2 <= 0) break;
      k = k2;
      k2 = 0;
      strip = a2;
    }
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}
