/** One step of Adam (Kingma and Ba 2015) with decoupled weight decay on `count` parameters (a multiple of 4).
 *  The slopes are scaled first and are zeros afterwards.
 *  @param rate the learning rate with both bias corrections in it
 *  @param shrink 1 - learning rate * weight decay */
export function adam(
  parameters: usize,
  slopes: usize,
  means: usize,
  squares: usize,
  count: i32,
  scale: f32,
  rate: f32,
  epsilon: f32,
  shrink: f32,
): void {
  const keepMean = f32x4.splat(0.9);
  const addMean = f32x4.splat(0.1);
  const keepSquare = f32x4.splat(0.999);
  const addSquare = f32x4.splat(0.001);
  const end = (count as usize) << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const slope = f32x4.mul(v128.load(slopes + at), f32x4.splat(scale));
    const mean = f32x4.add(f32x4.mul(v128.load(means + at), keepMean), f32x4.mul(slope, addMean));
    const squared = f32x4.mul(slope, slope);
    const square = f32x4.add(f32x4.mul(v128.load(squares + at), keepSquare), f32x4.mul(squared, addSquare));
    v128.store(means + at, mean);
    v128.store(squares + at, square);
    v128.store(slopes + at, f32x4.splat(0.0));
    const move = f32x4.div(
      f32x4.mul(f32x4.splat(rate), mean),
      f32x4.add(f32x4.sqrt(square), f32x4.splat(epsilon)),
    );
    const kept = f32x4.mul(v128.load(parameters + at), f32x4.splat(shrink));
    v128.store(parameters + at, f32x4.sub(kept, move));
  }
}

export function sumOfSquares(values: usize, count: i32): f32 {
  let sum = f32x4.splat(0.0);
  const end = (count as usize) << 2;
  for (let at: usize = 0; at < end; at += 16) {
    const value = v128.load(values + at);
    sum = f32x4.add(sum, f32x4.mul(value, value));
  }
  return (
    f32x4.extract_lane(sum, 0) +
    f32x4.extract_lane(sum, 1) +
    f32x4.extract_lane(sum, 2) +
    f32x4.extract_lane(sum, 3)
  );
}
