import { createHash } from 'node:crypto';
import { RegularsError } from '@regulars/contracts';
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

/** Whether a token is one that this installation issued. */
export type TokenLookup = (token: string) => Promise<boolean>;

/** Tells who holds a token of this installation. A token is looked up by its hash, so that the time it takes
 *  says nothing about how much of it is right. An address that sends wrong tokens has to wait, except with a
 *  token that was right before: one guesser behind a shop's router does not lock out its till. */
export class SignIn {
  private readonly failures = new RateLimit(FAILURES_PER_MINUTE, MINUTE_MS, MAX_ADDRESSES);
  /** By hash; tokens that were right, the latest ones. */
  private readonly trustedUntilMs = new Map<string, number>();

  constructor(
    private readonly isKnown: TokenLookup,
    private readonly now: () => number,
  ) {}

  /** @param authorization the header `Authorization: Bearer TOKEN`
   *  @throws RegularsError TOKEN_MISSING, TOKEN_UNKNOWN, RATE_LIMITED */
  async checkHeader(authorization: string | undefined, address: string): Promise<void> {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    await this.checkToken(token, address);
  }

  /** @throws RegularsError TOKEN_MISSING, TOKEN_UNKNOWN, RATE_LIMITED */
  async checkToken(token: string | undefined, address: string): Promise<void> {
    if (token === undefined || token === '') throw new RegularsError('TOKEN_MISSING');
    const key = createHash('sha256').update(token).digest('base64');
    const nowMs = this.now();
    const trustedUntilMs = this.trustedUntilMs.get(key);
    if (trustedUntilMs !== undefined && trustedUntilMs > nowMs) return;
    const retryAfterS = trustedUntilMs === undefined ? this.failures.waitS(address, nowMs) : null;
    if (retryAfterS !== null) throw new RegularsError('RATE_LIMITED', { retryAfterS });
    const known = token.length <= MAX_TOKEN_LENGTH && (await this.isKnown(token));
    if (!known) {
      this.trustedUntilMs.delete(key);
      this.failures.count(address, nowMs);
      throw new RegularsError('TOKEN_UNKNOWN');
    }
    this.trust(key, nowMs);
  }

  private trust(key: string, nowMs: number): void {
    this.trustedUntilMs.delete(key);
    this.trustedUntilMs.set(key, nowMs + TRUST_MS);
    const [oldest] = this.trustedUntilMs.keys();
    if (this.trustedUntilMs.size > MAX_TRUSTED && oldest !== undefined) this.trustedUntilMs.delete(oldest);
  }
}
