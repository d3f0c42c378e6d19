import { setFlagsFromString } from 'node:v8';
import { webAssembly } from './web-assembly.js';

/** V8's flags under which a module is compiled wholly, at once and by the optimising compiler, instead of function by
 *  function when called, and by it only what is called often. */
const WHOLLY = ['no-liftoff', 'no-wasm-lazy-compilation', 'no-wasm-dynamic-tiering'];

/** Makes one 256-bit instruction of two of 128 bits where a module has them side by side. */
const PAIRED = 'experimental-wasm-revectorize';

/** V8 of Node 24, where pairs were tried; in others the flag is not there or may do something else. */
const V8_WITH_PAIRS = /^13\.6\./;

/** Whether this process can compile 256-bit instructions out of pairs. Without such registers V8 makes none. */
export function canPair(): boolean {
  return process.arch === 'x64' && V8_WITH_PAIRS.test(process.versions.v8);
}

/** Compiles with V8's flags set for this one compilation: it is over when this returns, so that no other module of the
 *  process is compiled under them. Only where `canPair`.
 *  @param isPaired whether pairs are looked for */
export function compileOptimised(bytes: Uint8Array, isPaired: boolean): object {
  const set = isPaired ? [...WHOLLY, PAIRED] : WHOLLY;
  for (const flag of set) setFlagsFromString(`--${flag}`);
  try {
    return new webAssembly.Module(bytes);
  } finally {
    for (const flag of set) setFlagsFromString(`--${flag.startsWith('no-') ? flag.slice(3) : `no-${flag}`}`);
  }
}
