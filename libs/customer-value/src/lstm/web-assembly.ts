/** The part of WebAssembly's interface used here: TypeScript declares it together with the browser's only. */
interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean;
  compile(bytes: Uint8Array): Promise<object>;
  readonly Module: new (bytes: Uint8Array) => object;
  instantiate(module: object, imports: object): Promise<{ readonly exports: unknown }>;
}

export const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
