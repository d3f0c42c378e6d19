/** An embedding as it is sealed: float32 values, little-endian. */
export function toBytes(embedding: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(embedding.length * 4));
  embedding.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return new Uint8Array(view.buffer);
}

export function toEmbedding(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}
