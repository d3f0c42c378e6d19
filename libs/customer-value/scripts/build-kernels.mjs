/** Compiles the AssemblyScript kernels into dist/lstm/: kernels.wasm with SIMD, which every supported Node runs,
 *  and kernels-relaxed.wasm with relaxed SIMD, where multiplying and adding is one instruction. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const KERNELS = fileURLToPath(new URL('../kernels/', import.meta.url));
const TARGET = new URL('../dist/lstm/', import.meta.url);

/** The compiled kernels as WebAssembly.
 *  @param relaxed whether relaxed SIMD is used
 *  @throws Error with the compiler's own words */
export async function compileKernels(relaxed) {
  let wasm = null;
  const { error, stderr } = await asc.main(
    // prettier-ignore
    [
      'lstm.ts', '--baseDir', KERNELS, '--outFile', 'kernels.wasm', '-O3', '--converge', '--noAssert',
      '--runtime', 'stub', '--enable', 'simd', ...(relaxed ? ['--enable', 'relaxed-simd'] : []),
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
  await writeFile(new URL('kernels.wasm', TARGET), await compileKernels(false));
  await writeFile(new URL('kernels-relaxed.wasm', TARGET), await compileKernels(true));
}
