import { readFile } from 'node:fs/promises';

type Pointer = number;

/** What kernels/lstm.ts exports; pointers in bytes. */
export interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** First byte that is free. */
  heapBase(): Pointer;
  setShape(inputs: number, hidden: number, outputs: number): void;
  setParameters(parameters: Pointer, slopes: Pointer, packed: Pointer): void;
  setStates(z: Pointer, gates: Pointer, cells: Pointer, tanhs: Pointer): void;
  setOutputs(outputs: Pointer, outputSlopes: Pointer, hiddenSlopes: Pointer, cellSlopes: Pointer): void;
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

/** The part of WebAssembly's interface used here: TypeScript declares it together with the browser's only. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: unknown }>;
}

const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

let compiled: Promise<object> | null = null;

/** A new instance of the kernels with a memory of its own. They are compiled once. */
export async function openKernels(): Promise<Kernels> {
  compiled ??= kernelBytes().then((bytes) => webAssembly.compile(bytes));
  const abort = (): never => {
    throw new Error('a kernel was aborted');
  };
  const { exports } = await webAssembly.instantiate(await compiled, { env: { abort } });
  return exports as Kernels;
}

/** Whether this Node compiles relaxed SIMD (from V8 11.4 on, so Node 21), which makes training a fifth cheaper. Sums
 *  are then rounded once instead of twice, so the last digits differ from one kind to the other. */
export const HAS_RELAXED_SIMD = ((parts) => (parts[0] ?? 0) * 100 + (parts[1] ?? 0) >= 1104)(
  process.versions.v8.split('.').map(Number),
);

/** The build puts the kernels beside this file. Where it runs from source they are compiled in memory. */
async function kernelBytes(): Promise<Uint8Array> {
  if (!import.meta.url.endsWith('/src/lstm/kernels.ts')) {
    const file = HAS_RELAXED_SIMD ? './kernels-relaxed.wasm' : './kernels.wasm';
    return readFile(new URL(file, import.meta.url));
  }
  const script = new URL('../../scripts/build-kernels.mjs', import.meta.url).href;
  const { compileKernels } = (await import(script)) as {
    compileKernels(relaxed: boolean): Promise<Uint8Array>;
  };
  return compileKernels(HAS_RELAXED_SIMD);
}
