import { describe, expect, it } from 'vitest';
import { heatColour, heatPixels, largestOf } from './heat.js';

describe('the heat of a map', () => {
  it('is green for satisfied, red against it, and clear where nothing speaks', () => {
    expect(heatColour(1)).toEqual([24, 160, 88, 190]);
    expect(heatColour(-1)).toEqual([208, 48, 56, 190]);
    expect(heatColour(0)[3]).toBe(0);
    expect(heatColour(5)[3]).toBe(190);
  });

  it('is one pixel a part, on the scale of the largest', () => {
    const scale = largestOf([0.1, -0.4], [0.2, 0]);
    expect(scale).toBe(0.4);
    const pixels = heatPixels([0.1, -0.4], scale);
    expect(pixels).toHaveLength(8);
    expect([pixels[3], pixels[7]]).toEqual([48, 190]);
  });

  it('is clear where a map is nought everywhere', () => {
    expect([...heatPixels([0, 0], largestOf([0, 0]))].filter((_, i) => i % 4 === 3)).toEqual([0, 0]);
  });
});
