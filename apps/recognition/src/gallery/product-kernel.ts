/** A WebAssembly module with one function, written out here because it is forty instructions: the products of a probe
 *  with every row of a matrix of 16-bit numbers, eight multiplications an instruction and four rows side by side.
 *  Every Node that runs Regulars has WebAssembly's SIMD. */

/** Bytes of a row are a multiple of this: four vectors of 16 bytes, which the inner loop takes at once. */
export const ROW_STEP_BYTES = 64;
/** Rows that are multiplied side by side; a matrix has room for a multiple of it. */
export const ROWS_AT_ONCE = 4;

/** Multiplies a probe with rows; all places in bytes of the memory.
 *  @param rows where the first row is
 *  @param groups of four rows, at least one
 *  @param stride bytes of a row and of the probe, a multiple of 64
 *  @param probe where it is
 *  @param products where the sums go, four bytes a row */
export type MultiplyRows = (
  rows: number,
  groups: number,
  stride: number,
  probe: number,
  products: number,
) => void;

/** The part of WebAssembly's interface used here: TypeScript declares it together with the browser's only. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

export const WASM_PAGE_BYTES = 65_536;

let compiled: object | null = null;

/** A memory of its own and the function that works on it. */
export function openProducts(): { readonly memory: WasmMemory; readonly multiplyRows: MultiplyRows } {
  compiled ??= new webAssembly.Module(moduleBytes());
  const memory = new webAssembly.Memory({ initial: 1 });
  const { exports } = new webAssembly.Instance(compiled, { gallery: { memory } });
  return { memory, multiplyRows: (exports as { readonly multiplyRows: MultiplyRows }).multiplyRows };
}

/** Names of https://webassembly.github.io/spec/core/binary/instructions.html */
const [I32, V128, FUNCTION, EMPTY] = [0x7f, 0x7b, 0x60, 0x40];
const [LOOP, END, BR_IF] = [0x03, 0x0b, 0x0d];
const [I32_ADD, I32_SUB, I32_LT_U] = [0x6a, 0x6b, 0x49];

/** A number as LEB128, unsigned. */
function unsigned(value: number): number[] {
  const rest = Math.floor(value / 128);
  return rest > 0 ? [(value % 128) + 128, ...unsigned(rest)] : [value];
}
const list = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const section = (id: number, body: readonly number[]): number[] => [id, ...unsigned(body.length), ...body];
const name = (text: string): number[] => [...unsigned(text.length), ...Buffer.from(text, 'latin1')];

const get = (local: number): number[] => [0x20, local];
const set = (local: number): number[] => [0x21, local];
const tee = (local: number): number[] => [0x22, local];
/** @param value up to 127; from 64 on a second byte says that it is not negative */
const constant = (value: number): number[] => [0x41, ...(value < 64 ? [value] : [value + 128, 0])];
const simd = (operation: number): number[] => [0xfd, ...unsigned(operation)];
const load = (offset: number): number[] => [...simd(0), 4, ...unsigned(offset)];
const ZEROS = [...simd(12), ...new Array<number>(16).fill(0)];
const lane = (which: number): number[] => [...simd(27), which];
const MULTIPLY_PAIRS = simd(186);
const ADD_LANES = simd(174);
const store = (offset: number): number[] => [0x36, 2, ...unsigned(offset)];

const PARAMETERS = { rows: 0, groups: 1, stride: 2, probe: 3, products: 4 } as const;
/** Where the probe ends and where it is read; then a place in each of the four rows. */
const PLACES = { probeEnd: 5, at: 6, inRows: [7, 8, 9, 10] } as const;
/** Four sums in the lanes of a vector for each of the four rows; then the probe's part. */
const VECTORS = { sums: [11, 12, 13, 14], part: 15 } as const;
const VECTOR_BYTES = 16;
const LANES = [0, 1, 2, 3] as const;

/** For each group of rows: sums to zero, then 64 bytes at a time along the rows, then the lanes added and stored. */
function instructions(): number[] {
  const { rows, groups, stride, probe, products } = PARAMETERS;
  const { probeEnd, at, inRows } = PLACES;
  const { sums, part } = VECTORS;
  const advance = (place: number, bytes: number) => [...get(place), ...constant(bytes), I32_ADD];
  const pairs = inRows.map((place, row) => [place, sums[row] as number] as const);
  const vectors = Array.from({ length: ROW_STEP_BYTES / VECTOR_BYTES }, (_, i) => i * VECTOR_BYTES);
  return [
    ...[LOOP, EMPTY],
    ...inRows.flatMap((place) => [...get(rows), ...tee(place), ...get(stride), I32_ADD, ...set(rows)]),
    ...sums.flatMap((sum) => [...ZEROS, ...set(sum)]),
    ...[...get(probe), ...tee(at), ...get(stride), I32_ADD, ...set(probeEnd)],
    ...[LOOP, EMPTY],
    ...vectors.flatMap((offset) => [
      ...[...get(at), ...load(offset), ...set(part)],
      ...pairs.flatMap(([place, sum]) => [
        ...[...get(place), ...load(offset), ...get(part), ...MULTIPLY_PAIRS],
        ...[...get(sum), ...ADD_LANES, ...set(sum)],
      ]),
    ]),
    ...inRows.flatMap((place) => [...advance(place, ROW_STEP_BYTES), ...set(place)]),
    ...[...advance(at, ROW_STEP_BYTES), ...tee(at), ...get(probeEnd), I32_LT_U, BR_IF, 0, END],
    ...sums.flatMap((sum, row) => [
      ...get(products),
      ...LANES.flatMap((which) => [...get(sum), ...lane(which)]),
      ...[I32_ADD, I32_ADD, I32_ADD, ...store(4 * row)],
    ]),
    ...[...advance(products, 4 * ROWS_AT_ONCE), ...set(products)],
    ...[...get(groups), ...constant(1), I32_SUB, ...tee(groups), BR_IF, 0, END],
    END,
  ];
}

function moduleBytes(): Uint8Array {
  const parameters = Object.keys(PARAMETERS).map(() => [I32]);
  const locals = list([
    [1 + 1 + ROWS_AT_ONCE, I32],
    [ROWS_AT_ONCE + 1, V128],
  ]);
  const code = [...locals, ...instructions()];
  return Uint8Array.from([
    ...[0, ...Buffer.from('asm', 'latin1'), 1, 0, 0, 0],
    ...section(1, list([[FUNCTION, ...list(parameters), 0]])),
    ...section(2, list([[...name('gallery'), ...name('memory'), 2, 0, 1]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name('multiplyRows'), 0, 0]])),
    ...section(10, list([[...unsigned(code.length), ...code]])),
  ]);
}
