/** sum + x * b; in one instruction, rounded once, where the compiler may use relaxed SIMD. */
export function multiplyAdd(sum: v128, x: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, b, sum);
  return f32x4.add(sum, f32x4.mul(x, b));
}

/** Adding it rounds a float of up to 2^22 to a whole number, which then stands in the low bits. */
const ROUNDER: f32 = 12582912.0;

/** e^x of four values, relative error below 2e-7 (range reduction and polynomial of Cephes' expf); x is kept
 *  within +-87, where a float holds the result. Of WebAssembly's instructions those are taken that are one of the
 *  processor's: min, max and trunc_sat are five to eight. */
function exponential(x: v128): v128 {
  const kept = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87.0)), f32x4.splat(87.0));
  const rounded = multiplyAdd(f32x4.splat(ROUNDER), kept, f32x4.splat(1.44269504088896341));
  const n = f32x4.sub(rounded, f32x4.splat(ROUNDER));
  let r = multiplyAdd(kept, n, f32x4.splat(-0.693359375));
  r = multiplyAdd(r, n, f32x4.splat(2.1219444e-4));
  let p = f32x4.splat(1.98756915e-4);
  p = multiplyAdd(f32x4.splat(1.3981999507e-3), p, r);
  p = multiplyAdd(f32x4.splat(8.3334519073e-3), p, r);
  p = multiplyAdd(f32x4.splat(4.1665795894e-2), p, r);
  p = multiplyAdd(f32x4.splat(1.6666665459e-1), p, r);
  p = multiplyAdd(f32x4.splat(5.0000001201e-1), p, r);
  p = multiplyAdd(f32x4.add(r, f32x4.splat(1.0)), p, f32x4.mul(r, r));
  const power = i32x4.shl(i32x4.add(rounded, i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

/** 1 / (1 + e^-x) of four values. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1.0);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** tanh of four values, absolute error below 2e-7. */
export function hyperbolicTangent(x: v128): v128 {
  const two = f32x4.splat(2.0);
  return f32x4.sub(f32x4.mul(two, sigmoid(f32x4.mul(two, x))), f32x4.splat(1.0));
}
