/** Bytes of a row of a strip, see product.ts. */
const STRIP_ROW: usize = 32;

/** Adds the sum of the rows of a strip to the eight values at `target`. */
export function addStripRows(target: usize, source: usize, rows: i32): void {
  let low = v128.load(target);
  let high = v128.load(target, 16);
  for (let row = 0; row < rows; row += 1) {
    low = f32x4.add(low, v128.load(source));
    high = f32x4.add(high, v128.load(source, 16));
    source += STRIP_ROW;
  }
  v128.store(target, low);
  v128.store(target, high, 16);
}

/** Copies a plain matrix into strips.
 *  @param stripBytes from strip to strip of the target */
export function packStrips(target: usize, stripBytes: usize, source: usize, rows: i32, columns: i32): void {
  const sourceRow = (columns as usize) << 2;
  for (let strip: usize = 0; strip < (columns as usize) >> 3; strip += 1) {
    let from = source + strip * STRIP_ROW;
    let to = target + strip * stripBytes;
    for (let row = 0; row < rows; row += 1) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
      to += STRIP_ROW;
      from += sourceRow;
    }
  }
}

/** Copies the transpose of a plain matrix (rows x columns, rows a multiple of 8) into strips. */
export function packTranspose(
  target: usize,
  stripBytes: usize,
  source: usize,
  rows: i32,
  columns: i32,
): void {
  for (let row: usize = 0; row < (rows as usize); row += 1) {
    let to = target + (row >> 3) * stripBytes + ((row & 7) << 2);
    for (let column = 0; column < columns; column += 1) {
      store<f32>(to, load<f32>(source));
      source += 4;
      to += STRIP_ROW;
    }
  }
}
