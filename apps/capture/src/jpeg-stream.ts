/** One complete JPEG with the size its header states. */
export interface Picture {
  readonly jpeg: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Larger pictures are thrown away; a 4K picture at quality 5 has about 2 MB. */
const LARGEST_PICTURE = 16 * 1024 * 1024;
/** What stands before the compressed data is some hundred bytes; more is no picture. */
const LARGEST_HEADER = 128 * 1024;

/** Bytes looked at at a time, so that a large chunk is not held as a whole. */
const SLICE = 256 * 1024;

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/** A start of frame, which carries the size: C0..CF but DHT, JPG and DAC. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Stands alone, without a length: RST0..7 and TEM. */
function isStandalone(marker: number): boolean {
  return (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01;
}

/** Cuts a stream of JPEGs, as ffmpeg's image2pipe writes them, into pictures. Segments are skipped by their
 *  length, so that a thumbnail or any bytes inside one end nothing. Anything that is not a JPEG is skipped; the
 *  memory held is bounded whatever comes. */
export class JpegSplitter {
  private buffer = Buffer.alloc(64 * 1024);
  /** The bytes in use lie from `start`, where the picture begins, to `end`. */
  private start = 0;
  private end = 0;
  /** Where to look on. */
  private at = 0;
  private state: 'search' | 'segments' | 'scan' = 'search';
  private dimensions: { widthPx: number; heightPx: number } | null = null;

  /** Bytes it holds, in use or not. */
  get heldBytes(): number {
    return this.buffer.length;
  }

  /** @returns the pictures that this chunk completed, oldest first */
  push(chunk: Uint8Array): Picture[] {
    const pictures: Picture[] = [];
    for (let from = 0; from < chunk.length; from += SLICE) {
      this.append(chunk.subarray(from, from + SLICE));
      while (this.advance(pictures));
      if (this.state === 'search') this.start = this.at;
      else if (this.end - this.start > LARGEST_PICTURE) this.giveUp();
    }
    return pictures;
  }

  /** One step. @returns false when more bytes are needed */
  private advance(pictures: Picture[]): boolean {
    switch (this.state) {
      case 'search':
        return this.findStart();
      case 'segments':
        return this.skipSegment(pictures);
      case 'scan':
        return this.skipScan();
    }
  }

  private findStart(): boolean {
    const found = this.buffer.subarray(0, this.end).indexOf('\xff\xd8\xff', this.at, 'latin1');
    if (found < 0) {
      this.at = Math.max(this.at, this.end - 2);
      return false;
    }
    this.start = found;
    this.at = found + 2;
    this.dimensions = null;
    this.state = 'segments';
    return true;
  }

  private skipSegment(pictures: Picture[]): boolean {
    if (this.at + 1 >= this.end) return false;
    const marker = this.buffer[this.at + 1] ?? 0;
    if (this.buffer[this.at] !== 0xff || marker === SOI || marker === 0) return this.giveUp();
    if (marker === 0xff || isStandalone(marker)) {
      this.at += marker === 0xff ? 1 : 2;
      return true;
    }
    if (marker === EOI) return this.finish(pictures);
    if (this.at + 3 >= this.end) return false;
    const end = this.at + 2 + this.buffer.readUInt16BE(this.at + 2);
    const isTooFar = marker !== SOS && this.dimensions === null && end - this.start > LARGEST_HEADER;
    if (end < this.at + 4 || isTooFar) return this.giveUp();
    if (end > this.end) return false;
    if (isStartOfFrame(marker)) this.readSize(end);
    this.at = end;
    if (marker === SOS) this.state = 'scan';
    return true;
  }

  private readSize(end: number): void {
    if (end < this.at + 9) return;
    const heightPx = this.buffer.readUInt16BE(this.at + 5);
    const widthPx = this.buffer.readUInt16BE(this.at + 7);
    if (heightPx > 0 && widthPx > 0) this.dimensions = { widthPx, heightPx };
  }

  /** Compressed data: FF is followed by 00 or a restart marker there, anything else ends it. */
  private skipScan(): boolean {
    for (;;) {
      const next = this.buffer.subarray(0, this.end).indexOf(0xff, this.at);
      if (next < 0 || next + 1 >= this.end) {
        this.at = next < 0 ? this.end : next;
        return false;
      }
      const marker = this.buffer[next + 1] ?? 0;
      this.at = next;
      if (marker === 0xff) this.at += 1;
      else if (marker === 0 || isStandalone(marker)) this.at += 2;
      else {
        this.state = 'segments';
        return true;
      }
    }
  }

  private finish(pictures: Picture[]): boolean {
    this.at += 2;
    if (this.dimensions) {
      const jpeg = Uint8Array.prototype.slice.call(this.buffer, this.start, this.at);
      pictures.push({ jpeg, ...this.dimensions });
    }
    this.state = 'search';
    return true;
  }

  /** Not a picture after all. Looks for the next start behind this one, or behind what is too large. */
  private giveUp(): boolean {
    this.state = 'search';
    if (this.at - this.start <= LARGEST_HEADER) this.at = this.start + 1;
    return true;
  }

  private append(chunk: Uint8Array): void {
    this.buffer.copyWithin(0, this.start, this.end);
    this.at -= this.start;
    this.end -= this.start;
    this.start = 0;
    const needed = this.end + chunk.length;
    if (needed > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(larger, 0, 0, this.end);
      this.buffer = larger;
    }
    this.buffer.set(chunk, this.end);
    this.end = needed;
  }
}
