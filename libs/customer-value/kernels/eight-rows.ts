import { multiplyAdd } from './functions';

/** The products' innermost loops with eight rows of C in registers instead of four: for processors whose registers
 *  hold a whole row of a strip, where V8 makes one instruction of each pair. Sixteen registers of half a row would not
 *  suffice. Each value of C is summed in the same order as by four rows, so that the digits are the same. */

/** Eight rows of `multiplyStrip` in product.ts. */
export function multiplyEight(
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
  let s40 = s00;
  let s41 = s01;
  let s50 = s00;
  let s51 = s01;
  let s60 = s00;
  let s61 = s01;
  let s70 = s00;
  let s71 = s01;
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
      x = v128.load32_splat(a, 128);
      s40 = multiplyAdd(s40, x, b0);
      s41 = multiplyAdd(s41, x, b1);
      x = v128.load32_splat(a, 160);
      s50 = multiplyAdd(s50, x, b0);
      s51 = multiplyAdd(s51, x, b1);
      x = v128.load32_splat(a, 192);
      s60 = multiplyAdd(s60, x, b0);
      s61 = multiplyAdd(s61, x, b1);
      x = v128.load32_splat(a, 224);
      s70 = multiplyAdd(s70, x, b0);
      s71 = multiplyAdd(s71, x, b1);
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
  c += cRow;
  v128.store(c, s40);
  v128.store(c, s41, 16);
  c += cRow;
  v128.store(c, s50);
  v128.store(c, s51, 16);
  c += cRow;
  v128.store(c, s60);
  v128.store(c, s61, 16);
  c += cRow;
  v128.store(c, s70);
  v128.store(c, s71, 16);
}

/** Eight rows of `addTransposedProduct` in transposed-product.ts. */
export function addEightTransposed(c: usize, cRow: usize, a: usize, b: usize, k: i32): void {
  let s00 = v128.load(c);
  let s01 = v128.load(c, 16);
  const c1 = c + cRow;
  let s10 = v128.load(c1);
  let s11 = v128.load(c1, 16);
  const c2 = c1 + cRow;
  let s20 = v128.load(c2);
  let s21 = v128.load(c2, 16);
  const c3 = c2 + cRow;
  let s30 = v128.load(c3);
  let s31 = v128.load(c3, 16);
  const c4 = c3 + cRow;
  let s40 = v128.load(c4);
  let s41 = v128.load(c4, 16);
  const c5 = c4 + cRow;
  let s50 = v128.load(c5);
  let s51 = v128.load(c5, 16);
  const c6 = c5 + cRow;
  let s60 = v128.load(c6);
  let s61 = v128.load(c6, 16);
  const c7 = c6 + cRow;
  let s70 = v128.load(c7);
  let s71 = v128.load(c7, 16);
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
    x = v128.load32_splat(a, 16);
    s40 = multiplyAdd(s40, x, b0);
    s41 = multiplyAdd(s41, x, b1);
    x = v128.load32_splat(a, 20);
    s50 = multiplyAdd(s50, x, b0);
    s51 = multiplyAdd(s51, x, b1);
    x = v128.load32_splat(a, 24);
    s60 = multiplyAdd(s60, x, b0);
    s61 = multiplyAdd(s61, x, b1);
    x = v128.load32_splat(a, 28);
    s70 = multiplyAdd(s70, x, b0);
    s71 = multiplyAdd(s71, x, b1);
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
  v128.store(c4, s40);
  v128.store(c4, s41, 16);
  v128.store(c5, s50);
  v128.store(c5, s51, 16);
  v128.store(c6, s60);
  v128.store(c6, s61, 16);
  v128.store(c7, s70);
  v128.store(c7, s71, 16);
}
