/** sum + x * b; in one instruction, rounded once, where the compiler may use relaxed SIMD. */
export function multiplyAdd(sum: v128, x: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, b, sum);
  return f32x4.add(sum, f32x4.mul(x, b));
}

/** 1.5 * 2^23 + 127: adding it rounds a float of up to 2^22 to a whole number, which then stands, with the bias of
 *  a float's exponent, in the low bits. */
const ROUNDER: f32 = 12583039.0;

/** 1 + 2^(scale * x) of four values; scale * x is kept within +-126. 2^r for r within +-1/2 is a polynomial fitted
 *  for the least relative error, 1.1e-7. Of WebAssembly's instructions those are taken that are one of the
 *  processor's: min, max and trunc_sat are five to eight. */
function onePlusPower(x: v128, scale: f32): v128 {
  const limit: f32 = f32(126.0) / abs(scale);
  const kept = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-limit)), f32x4.splat(limit));
  const rounded = multiplyAdd(f32x4.splat(ROUNDER), kept, f32x4.splat(scale));
  const r = multiplyAdd(f32x4.sub(f32x4.splat(ROUNDER), rounded), kept, f32x4.splat(scale));
  let p = f32x4.splat(1.3264727e-3);
  p = multiplyAdd(f32x4.splat(9.671513e-3), p, r);
  p = multiplyAdd(f32x4.splat(5.5507336e-2), p, r);
  p = multiplyAdd(f32x4.splat(2.4022242e-1), p, r);
  p = multiplyAdd(f32x4.splat(6.93147e-1), p, r);
  p = multiplyAdd(f32x4.splat(1.0), p, r);
  return multiplyAdd(f32x4.splat(1.0), p, i32x4.shl(rounded, 23));
}

/** log2(e) */
const LOG2E: f32 = 1.44269504088896341;

/** 1 / (1 + e^-x) of four values. */
export function sigmoid(x: v128): v128 {
  return f32x4.div(f32x4.splat(1.0), onePlusPower(x, -LOG2E));
}

/** tanh of four values, absolute error below 2e-7. */
export function hyperbolicTangent(x: v128): v128 {
  return f32x4.sub(f32x4.splat(1.0), f32x4.div(f32x4.splat(2.0), onePlusPower(x, f32(2.0) * LOG2E)));
}
