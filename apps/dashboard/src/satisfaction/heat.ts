/** Colour of one part of a map.
 *  @param share of the largest amount, -1 (against satisfied) to 1 (for it)
 *  @returns red, green, blue, opacity, each 0 to 255 */
export function heatColour(share: number): readonly [number, number, number, number] {
  const strength = Math.min(1, Math.abs(share));
  const opacity = Math.round(190 * strength);
  return share >= 0 ? [24, 160, 88, opacity] : [208, 48, 56, opacity];
}

/** The map as a picture of one pixel a part, to be drawn larger. Everything is as strong as it is beside the largest
 *  amount of `scale`, so that two maps on one scale can be compared. */
export function heatPixels(values: readonly number[], scale: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4);
  values.forEach((value, i) => pixels.set(heatColour(scale > 0 ? value / scale : 0), i * 4));
  return pixels;
}

/** The largest amount in some maps. */
export function largestOf(...maps: readonly (readonly number[])[]): number {
  return Math.max(0, ...maps.flat().map(Math.abs));
}
