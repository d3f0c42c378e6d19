import { readFile } from 'node:fs/promises';
import { canPair, compileOptimised } from './paired.js';
import { webAssembly } from './web-assembly.js';

type Pointer = number;

/** What kernels/lstm.ts exports; pointers in bytes. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** First byte that is free. */
  heapBase(): Pointer;
  setShape(inputs: number, hidden: number, outputs: number): void;
  setParameters(parameters: Pointer, slopes: Pointer, packed: Pointer): void;
  setStates(z: Pointer, gates: Pointer, cells: Pointer, tanhs: Pointer): void;
  setOutputs(outputs: Pointer, outputSlopes: Pointer, outputStrips: Pointer): void;
  setStateSlopes(hiddenSlopes: Pointer, cellSlopes: Pointer): void;
  forward(batch: number, steps: number): void;
  backward(batch: number, steps: number): void;
  adam(
    parameters: Pointer,
    slopes: Pointer,
    means: Pointer,
    squares: Pointer,
    count: number,
    scale: number,
    rate: number,
    epsilon: number,
    shrink: number,
  ): void;
  sumOfSquares(values: Pointer, count: number): number;
}

/** Binaries of one source: with 128-bit SIMD, which every supported Node runs; with relaxed SIMD too, where multiplying
 *  and adding is one instruction that rounds once, so that the last digits differ; and the same once more with loops for
 *  processors whose registers hold 256 bits, where V8 makes one instruction of two: the digits are those of relaxed
 *  SIMD, bit by bit. */
export type KernelKind = 'simd' | 'relaxed-simd' | 'wide-simd';

const compiled = new Map<KernelKind, Promise<object>>();

/** A new instance of the kernels with a memory of its own. Each kind is compiled once.
 *  @throws WebAssembly's CompileError where this Node does not run that kind */
export async function openKernels(kind: KernelKind): Promise<Kernels> {
  const known = compiled.get(kind) ?? kernelBytes(kind).then((bytes) => compile(kind, bytes));
  compiled.set(kind, known);
  const abort = (): never => {
    throw new Error('a kernel was aborted');
  };
  const { exports } = await webAssembly.instantiate(await known, { env: { abort } });
  return exports as Kernels;
}

function compile(kind: KernelKind, bytes: Uint8Array): object | Promise<object> {
  return canPair() ? compileOptimised(bytes, kind === 'wide-simd') : webAssembly.compile(bytes);
}

/** The build puts the kernels beside this file. Where it runs from source they are compiled in memory. */
async function kernelBytes(kind: KernelKind): Promise<Uint8Array> {
  if (!import.meta.url.endsWith('/src/lstm/kernels.ts'))
    return readFile(new URL(`./kernels-${kind}.wasm`, import.meta.url));
  const script = new URL('../../scripts/build-kernels.mjs', import.meta.url).href;
  const { compileKernels } = (await import(script)) as {
    compileKernels(kind: KernelKind): Promise<Uint8Array>;
  };
  return compileKernels(kind);
}
