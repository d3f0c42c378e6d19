import { createHash } from 'node:crypto';
import { RegularsError, type TokenRole } from '@regulars/contracts';
import { RateLimit } from './rate-limit.js';

/** Wrong tokens that one address may send in a minute before it has to wait. */
export const FAILURES_PER_MINUTE = 10;
const MINUTE_MS = 60_000;
const MAX_ADDRESSES = 10_000;
/** How long a token that was found is trusted without asking the store again, milliseconds. */
const TRUST_MS = 30_000;
const MAX_TRUSTED = 1_000;
/** Longer texts cannot be one of our tokens. */
const MAX_TOKEN_LENGTH = 200;

/** Who holds a token. */
export interface TokenHolder {
  readonly tokenId: string;
  readonly role: TokenRole;
}

/** @returns null for a token that this installation did not issue, or has withdrawn */
export type TokenLookup = (token: string) => Promise<TokenHolder | null>;

interface Trusted {
  readonly holder: TokenHolder;
  readonly untilMs: number;
}

/** Tells who holds a token of this installation. A token is looked up by its hash, so that the time it takes
 *  says nothing about how much of it is right. An address that sends wrong tokens has to wait, except with a
 *  token that was right before: one guesser behind a shop's router does not lock out its till. */
export class SignIn {
  private readonly failures = new RateLimit(FAILURES_PER_MINUTE, MINUTE_MS, MAX_ADDRESSES);
  /** By hash; tokens that were right, the latest ones. */
  private readonly trusted = new Map<string, Trusted>();

  constructor(
    private readonly lookUp: TokenLookup,
    private readonly now: () => number,
  ) {}

  /** @param authorization the header `Authorization: Bearer TOKEN`
   *  @throws RegularsError TOKEN_MISSING, TOKEN_UNKNOWN, RATE_LIMITED */
  async checkHeader(authorization: string | undefined, address: string): Promise<TokenHolder> {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    return this.checkToken(token, address);
  }

  /** @throws RegularsError TOKEN_MISSING, TOKEN_UNKNOWN, RATE_LIMITED */
  async checkToken(token: string | undefined, address: string): Promise<TokenHolder> {
    if (token === undefined || token === '') throw new RegularsError('TOKEN_MISSING');
    const key = createHash('sha256').update(token).digest('base64');
    const nowMs = this.now();
    const trusted = this.trusted.get(key);
    if (trusted !== undefined && trusted.untilMs > nowMs) return trusted.holder;
    const retryAfterS = trusted === undefined ? this.failures.waitS(address, nowMs) : null;
    if (retryAfterS !== null) throw new RegularsError('RATE_LIMITED', { retryAfterS });
    const holder = token.length <= MAX_TOKEN_LENGTH ? await this.lookUp(token) : null;
    if (holder === null) {
      this.trusted.delete(key);
      this.failures.count(address, nowMs);
      throw new RegularsError('TOKEN_UNKNOWN');
    }
    this.trust(key, { holder, untilMs: nowMs + TRUST_MS });
    return holder;
  }

  /** Asks the store again at the next use of a token: it was withdrawn just now. */
  forget(tokenId: string): void {
    for (const [key, { holder, untilMs }] of this.trusted) {
      if (holder.tokenId === tokenId && untilMs > 0) this.trusted.set(key, { holder, untilMs: 0 });
    }
  }

  private trust(key: string, trusted: Trusted): void {
    this.trusted.delete(key);
    this.trusted.set(key, trusted);
    const [oldest] = this.trusted.keys();
    if (this.trusted.size > MAX_TRUSTED && oldest !== undefined) this.trusted.delete(oldest);
  }
}
