/** Bytes of a row of a strip: eight columns of a matrix, see product.ts. */
const STRIP_ROW: usize = 32;

/** Fills a matrix in packed strips with rows that are all the `columns` values at `source`. */
export function fillStrips(target: usize, source: usize, rows: i32, columns: i32): void {
  for (let strip = 0; strip < columns >> 3; strip += 1) {
    const low = v128.load(source);
    const high = v128.load(source, 16);
    for (let row = 0; row < rows; row += 1) {
      v128.store(target, low);
      v128.store(target, high, 16);
      target += STRIP_ROW;
    }
    source += STRIP_ROW;
  }
}

/** Fills a plain matrix with rows that are all the `columns` values at `source`; columns a multiple of 4. */
export function fillRows(target: usize, source: usize, rows: i32, columns: i32): void {
  const bytes = (columns as usize) << 2;
  for (let row = 0; row < rows; row += 1) memory.copy(target + (row as usize) * bytes, source, bytes);
}

/** Adds the sum of the rows of a matrix in packed strips to the `columns` values at `target`. */
export function addStrips(target: usize, source: usize, rows: i32, columns: i32): void {
  for (let strip = 0; strip < columns >> 3; strip += 1) {
    let low = v128.load(target);
    let high = v128.load(target, 16);
    for (let row = 0; row < rows; row += 1) {
      low = f32x4.add(low, v128.load(source));
      high = f32x4.add(high, v128.load(source, 16));
      source += STRIP_ROW;
    }
    v128.store(target, low);
    v128.store(target, high, 16);
    target += STRIP_ROW;
  }
}

/** Adds the sum of the rows of a plain matrix to the `columns` values at `target`; columns a multiple of 4. */
export function addRows(target: usize, source: usize, rows: i32, columns: i32): void {
  const bytes = (columns as usize) << 2;
  for (let offset: usize = 0; offset < bytes; offset += 16) {
    let sum = v128.load(target + offset);
    for (let row = 0; row < rows; row += 1)
      sum = f32x4.add(sum, v128.load(source + (row as usize) * bytes + offset));
    v128.store(target + offset, sum);
  }
}

/** Copies a plain matrix into packed strips. */
export function packStrips(target: usize, source: usize, rows: i32, columns: i32): void {
  const sourceRow = (columns as usize) << 2;
  for (let strip = 0; strip < columns >> 3; strip += 1) {
    let from = source + (strip as usize) * STRIP_ROW;
    for (let row = 0; row < rows; row += 1) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
      target += STRIP_ROW;
      from += sourceRow;
    }
  }
}

/** Copies the transpose of a plain matrix (rows x columns, rows a multiple of 8) into packed strips. */
export function packTranspose(target: usize, source: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row += 1) {
    let to = target + (((row >> 3) * columns * 8 + (row & 7)) as usize) * 4;
    for (let column = 0; column < columns; column += 1) {
      store<f32>(to, load<f32>(source));
      source += 4;
      to += STRIP_ROW;
    }
  }
}
