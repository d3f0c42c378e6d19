/** Reads numbers as dlib's serialisation writes them, one after the other. */
export class DlibReader {
  private offset = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** An integer: a byte with its sign (0x80) and its number of bytes, then these, lowest first.
   *  @throws RangeError when no integer stands here or the file ends inside it */
  integer(): number {
    const head = this.bytes[this.offset];
    const width = (head ?? 0) & 0x0f;
    if (head === undefined || width < 1 || width > 8 || this.offset + width >= this.bytes.length) {
      throw new RangeError(`no integer at byte ${this.offset} of ${this.bytes.length}`);
    }
    let value = 0;
    for (let byte = width; byte >= 1; byte -= 1) value = value * 256 + this.view.getUint8(this.offset + byte);
    this.offset += 1 + width;
    return (head & 0x80) === 0 ? value : -value;
  }

  /** A number with a fraction: mantissa, then exponent of 2.
   *  @throws RangeError when it is infinite or none, which weights never are */
  real(): number {
    const mantissa = this.integer();
    const exponent = this.integer();
    if (exponent >= 32_000) throw new RangeError(`no finite number before byte ${this.offset}`);
    return mantissa * 2 ** exponent;
  }

  /** As many items as the number before them says.
   *  @param most more than this cannot be meant: the file is another one */
  list<T>(most: number, read: () => T): T[] {
    const length = this.integer();
    if (!(length >= 0 && length <= most)) throw new RangeError(`a list of ${length} at byte ${this.offset}`);
    return Array.from({ length }, read);
  }

  /** A column of numbers: rows and columns, negative, then the numbers. */
  column(most: number): Float32Array {
    const [rows, columns] = [-this.integer(), -this.integer()];
    if (columns !== 1 || !(rows >= 0 && rows <= most)) {
      throw new RangeError(`a matrix of ${rows} by ${columns} at byte ${this.offset}`);
    }
    return Float32Array.from({ length: rows }, () => this.real());
  }

  /** @throws RangeError when there is more in the file */
  end(): void {
    if (this.offset !== this.bytes.length)
      throw new RangeError(`${this.bytes.length - this.offset} bytes too many`);
  }
}
