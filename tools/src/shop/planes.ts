/** A picture as video carries it (I420): brightness in full, the two colours at half the size, 16..235. */
export interface Planes {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Y, then U, then V, without gaps. Width and height are even. */
  readonly data: Uint8Array;
}

export function newPlanes(widthPx: number, heightPx: number): Planes {
  return { widthPx, heightPx, data: new Uint8Array((widthPx * heightPx * 3) / 2) };
}

/** The three planes with their sizes; `shrink` is 1 for brightness, 2 for colour. */
export function planesOf({ widthPx, heightPx, data }: Planes): readonly {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly shrink: 1 | 2;
}[] {
  const [full, quarter] = [widthPx * heightPx, (widthPx * heightPx) / 4];
  const half = { widthPx: widthPx / 2, heightPx: heightPx / 2, shrink: 2 } as const;
  return [
    { data: data.subarray(0, full), widthPx, heightPx, shrink: 1 },
    { data: data.subarray(full, full + quarter), ...half },
    { data: data.subarray(full + quarter, full + 2 * quarter), ...half },
  ];
}

export interface Colour {
  readonly y: number;
  readonly u: number;
  readonly v: number;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Fills what of a rectangle lies in the picture. */
export function fill(planes: Planes, { x, y, width, height }: Rectangle, colour: Colour): void {
  const values = [colour.y, colour.u, colour.v];
  for (const [index, plane] of planesOf(planes).entries()) {
    const { data, shrink, widthPx, heightPx } = plane;
    const from = Math.max(0, Math.round(x / shrink));
    const to = Math.min(widthPx, Math.round((x + width) / shrink));
    const last = Math.min(heightPx, Math.round((y + height) / shrink));
    for (let row = Math.max(0, Math.round(y / shrink)); row < last && to > from; row++)
      data.fill(values[index] as number, row * widthPx + from, row * widthPx + to);
  }
}
