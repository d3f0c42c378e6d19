/** Compiles the AssemblyScript kernels into dist/lstm/, a binary for each kind. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const KERNELS = fileURLToPath(new URL('../kernels/', import.meta.url));
const TARGET = new URL('../dist/lstm/', import.meta.url);

/** What src/lstm/kernels.ts says of each kind, as the compiler's options. */
export const KINDS = {
  simd: ['--use', 'EIGHT_ROWS=0'],
  'relaxed-simd': ['--enable', 'relaxed-simd', '--use', 'EIGHT_ROWS=0'],
  'wide-simd': ['--enable', 'relaxed-simd', '--use', 'EIGHT_ROWS=1'],
};

/** The kernels of a kind as WebAssembly.
 *  @param {keyof KINDS} kind
 *  @throws Error with the compiler's own words */
export async function compileKernels(kind) {
  let wasm = null;
  const { error, stderr } = await asc.main(
    // prettier-ignore
    [
      'lstm.ts', '--baseDir', KERNELS, '--outFile', 'kernels.wasm', '-O3', '--converge', '--noAssert',
      '--runtime', 'stub', '--enable', 'simd', ...KINDS[kind],
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) wasm = contents;
      },
    },
  );
  if (error !== null || wasm === null)
    throw new Error(`the kernels do not compile: ${stderr}`, { cause: error });
  return wasm;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await mkdir(TARGET, { recursive: true });
  for (const kind of Object.keys(KINDS))
    await writeFile(new URL(`kernels-${kind}.wasm`, TARGET), await compileKernels(kind));
}
