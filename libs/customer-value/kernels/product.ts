import { multiplyAdd } from './functions';

/** C (m x n) += A (m x k) times B (k x n), 32-bit floats, pointers and strides in bytes.
 *
 *  B and C lie in strips of eight columns: `row` bytes from row to row and `strip` bytes from strip to strip. A
 *  plain matrix has strips 32 bytes apart. Packed strips (rows 32 bytes apart) are read from few cache lines, where
 *  plain rows whose length is a power of two compete for the same ones.
 *  A lies in blocks of `aBlock` adjacent columns, which are `aJump` bytes apart from start to start.
 *  n is a multiple of 8, k of aBlock. Four rows of a strip of C stay in registers over all of k: with six, and with
 *  the loop unrolled, V8 spills (measured: a fifth and a sixth slower). */
export function addProduct(
  c: usize,
  cRow: usize,
  cStrip: usize,
  a: usize,
  aRow: usize,
  aBlock: i32,
  aJump: usize,
  b: usize,
  bRow: usize,
  bStrip: usize,
  m: i32,
  n: i32,
  k: i32,
): void {
  for (let left = m; left > 0;) {
    const rows = left >= 4 ? 4 : 1;
    for (let strip = 0; strip < n >> 3; strip += 1) {
      const cAt = c + (strip as usize) * cStrip;
      const bAt = b + (strip as usize) * bStrip;
      if (rows === 4) four(cAt, cRow, a, aRow, aBlock, aJump, bAt, bRow, k);
      else one(cAt, a, aBlock, aJump, bAt, bRow, k);
    }
    c += (rows as usize) * cRow;
    a += (rows as usize) * aRow;
    left -= rows;
  }
}

function four(
  c: usize,
  cRow: usize,
  a: usize,
  aRow: usize,
  aBlock: i32,
  aJump: usize,
  b: usize,
  bRow: usize,
  k: i32,
): void {
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
  for (let block = 0; block < k; block += aBlock) {
    let a0 = a;
    let a1 = a0 + aRow;
    let a2 = a1 + aRow;
    let a3 = a2 + aRow;
    const end = a0 + ((aBlock as usize) << 2);
    while (a0 < end) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      let x = v128.load32_splat(a0);
      s00 = multiplyAdd(s00, x, b0);
      s01 = multiplyAdd(s01, x, b1);
      x = v128.load32_splat(a1);
      s10 = multiplyAdd(s10, x, b0);
      s11 = multiplyAdd(s11, x, b1);
      x = v128.load32_splat(a2);
      s20 = multiplyAdd(s20, x, b0);
      s21 = multiplyAdd(s21, x, b1);
      x = v128.load32_splat(a3);
      s30 = multiplyAdd(s30, x, b0);
      s31 = multiplyAdd(s31, x, b1);
      b += bRow;
      a0 += 4;
      a1 += 4;
      a2 += 4;
      a3 += 4;
    }
    a += aJump;
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

function one(c: usize, a: usize, aBlock: i32, aJump: usize, b: usize, bRow: usize, k: i32): void {
  let s0 = v128.load(c);
  let s1 = v128.load(c, 16);
  for (let block = 0; block < k; block += aBlock) {
    for (let p = 0; p < aBlock; p += 1) {
      const x = v128.load32_splat(a + ((p as usize) << 2));
      s0 = multiplyAdd(s0, x, v128.load(b));
      s1 = multiplyAdd(s1, x, v128.load(b, 16));
      b += bRow;
    }
    a += aJump;
  }
  v128.store(c, s0);
  v128.store(c, s1, 16);
}
