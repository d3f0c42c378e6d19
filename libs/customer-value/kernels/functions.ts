/** sum + x * b; in one instruction, rounded once, where the compiler may use relaxed SIMD. */
export function multiplyAdd(sum: v128, x: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, b, sum);
  return f32x4.add(sum, f32x4.mul(x, b));
}

/** log2(e) */
const LOG2E: f32 = 1.44269504088896341;
/** Greatest |exponent| of a power of two here: the product of two of them is still a float. */
const LIMIT: f32 = 60.0;
/** 1.5 * 2^23 + 127: adding it rounds a float of up to 2^22 to a whole number, which then stands, with the bias of
 *  a float's exponent, in the low bits. */
const ROUNDER: f32 = 12583039.0;

/** Constants of the loops below, four times each: one load, where V8 puts a constant vector together by three or more
 *  instructions each time that no register is left to keep it (measured: a twelfth of all time). */
const TABLE: usize = memory.data<f32>(
  // prettier-ignore
  [
    1.3264727e-3, 1.3264727e-3, 1.3264727e-3, 1.3264727e-3,
    9.671513e-3, 9.671513e-3, 9.671513e-3, 9.671513e-3,
    5.5507336e-2, 5.5507336e-2, 5.5507336e-2, 5.5507336e-2,
    2.4022242e-1, 2.4022242e-1, 2.4022242e-1, 2.4022242e-1,
    6.93147e-1, 6.93147e-1, 6.93147e-1, 6.93147e-1,
    1.0, 1.0, 1.0, 1.0,
    ROUNDER, ROUNDER, ROUNDER, ROUNDER,
    -LOG2E, -LOG2E, -LOG2E, -LOG2E,
    2.0 * LOG2E, 2.0 * LOG2E, 2.0 * LOG2E, 2.0 * LOG2E,
    LIMIT / LOG2E, LIMIT / LOG2E, LIMIT / LOG2E, LIMIT / LOG2E,
    0.5 * LIMIT / LOG2E, 0.5 * LIMIT / LOG2E, 0.5 * LIMIT / LOG2E, 0.5 * LIMIT / LOG2E,
  ],
  16,
);

/** Four ones. */
export function ones(): v128 {
  return v128.load(TABLE, 80);
}

/** 1 + 2^(scale * x) of four values, x being kept within +-limit. 2^r for r within +-1/2 is a polynomial fitted for
 *  the least relative error, 1.1e-7. Of WebAssembly's instructions those are taken that are one of the processor's:
 *  min, max and trunc_sat are five to eight. */
function onePlusPower(x: v128, scale: v128, limit: v128): v128 {
  const rounder = v128.load(TABLE, 96);
  const kept = f32x4.pmin(f32x4.pmax(x, f32x4.neg(limit)), limit);
  const rounded = multiplyAdd(rounder, kept, scale);
  const r = multiplyAdd(f32x4.sub(rounder, rounded), kept, scale);
  let p = v128.load(TABLE);
  p = multiplyAdd(v128.load(TABLE, 16), p, r);
  p = multiplyAdd(v128.load(TABLE, 32), p, r);
  p = multiplyAdd(v128.load(TABLE, 48), p, r);
  p = multiplyAdd(v128.load(TABLE, 64), p, r);
  p = multiplyAdd(ones(), p, r);
  return multiplyAdd(ones(), p, i32x4.shl(rounded, 23));
}

/** 1 + e^-x of four values: one over the sigmoid. Two of them may be multiplied, so that one division does for both. */
export function inverseSigmoid(x: v128): v128 {
  return onePlusPower(x, v128.load(TABLE, 112), v128.load(TABLE, 144));
}

/** 1 + e^2x of four values; the hyperbolic tangent is 1 less two over it. */
export function onePlusSquare(x: v128): v128 {
  return onePlusPower(x, v128.load(TABLE, 128), v128.load(TABLE, 160));
}

/** tanh of four values from one over `onePlusSquare`; absolute error below 2e-7. */
export function tangentOf(inverse: v128): v128 {
  return f32x4.sub(ones(), f32x4.add(inverse, inverse));
}
