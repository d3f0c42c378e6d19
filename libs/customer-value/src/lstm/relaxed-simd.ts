import { setFlagsFromString } from 'node:v8';
import { webAssembly } from './web-assembly.js';

/** The least module with f32x4.relaxed_madd: (func (result v128) three zeros, multiplied and added). */
const PROBE = Uint8Array.from(
  // prettier-ignore
  [
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version 1
    0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, // type: () -> v128
    0x03, 0x02, 0x01, 0x00, // one function of it
    0x0a, 0x13, 0x01, 0x11, 0x00, // code
    0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, // i32.const 0, i32x4.splat, thrice
    0xfd, 0x85, 0x02, 0x0b, // f32x4.relaxed_madd, end
  ],
);

let known: boolean | null = null;

/** Whether this process compiles relaxed SIMD. Node 21 and later (V8 11.4) do by themselves; Node 20 has it behind a
 *  flag, which is set here. V8 reads it at each compilation of WebAssembly and for nothing else; where it does not
 *  know the flag nothing happens, and the answer is no. */
export function hasRelaxedSimd(): boolean {
  if (known !== null) return known;
  const [major = 0, minor = 0] = process.versions.v8.split('.').map(Number);
  if (major === 11 && minor < 4) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return (known = webAssembly.validate(PROBE));
}
