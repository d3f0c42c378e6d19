const START_CAPACITY = 1 << 16;
/** A table fuller than this is searched for long. */
const MOST_FULL = 0.6;
const FNV_PRIME = 0x01000193;
const SEEDS = [0x811c9dc5, 0x9747b28c] as const;

/** FNV-1a with a final mix (MurmurHash3's). @returns 32 bits, never 0 */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0 || 1;
}

/** Counts how often texts were met, for many millions of which few come again: 64 bits of each are kept, 14 to 27
 *  bytes with the room between them, and a number only of those that came again. A Map holds 16.7 million at most, at
 *  a hundred bytes each. Of 20 million texts two are taken for one by chance one time in 100,000. */
export class Occurrences {
  private high = new Uint32Array(START_CAPACITY);
  private low = new Uint32Array(START_CAPACITY);
  private size = 0;
  private readonly again = new Map<string, number>();

  /** @returns how often the text has been met by now, 1 for the first time */
  meet(text: string): number {
    const [one, other] = [hashOf(text, SEEDS[0]), hashOf(text, SEEDS[1])];
    if (this.add(one, other)) return 1;
    const key = `${one} ${other}`;
    const number = (this.again.get(key) ?? 1) + 1;
    this.again.set(key, number);
    return number;
  }

  /** @returns whether it was not there */
  private add(one: number, other: number): boolean {
    if (this.size > MOST_FULL * this.high.length) this.grow();
    const place = this.placeOf(one, other);
    if (this.high[place] !== 0) return false;
    this.high[place] = one;
    this.low[place] = other;
    this.size += 1;
    return true;
  }

  /** Where it is, or where it belongs. */
  private placeOf(one: number, other: number): number {
    const mask = this.high.length - 1;
    let place = (one ^ Math.imul(other, FNV_PRIME)) & mask;
    while (this.high[place] !== 0 && (this.high[place] !== one || this.low[place] !== other))
      place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const { high, low } = this;
    this.high = new Uint32Array(2 * high.length);
    this.low = new Uint32Array(2 * low.length);
    for (let i = 0; i < high.length; i++) {
      const one = high[i] ?? 0;
      if (one === 0) continue;
      const place = this.placeOf(one, low[i] ?? 0);
      this.high[place] = one;
      this.low[place] = low[i] ?? 0;
    }
  }
}
