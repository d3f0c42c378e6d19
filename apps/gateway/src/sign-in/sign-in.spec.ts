import { describe, expect, it } from 'vitest';
import { FAILURES_PER_MINUTE, SignIn, type TokenHolder } from './sign-in.js';

const RIGHT = 'rgl_right';
const HOLDER: TokenHolder = { tokenId: 'a'.repeat(64), role: 'owner' };

function setUp() {
  const clock = { nowMs: 1_000_000 };
  const lookups: string[] = [];
  const issued = new Set([RIGHT]);
  const signIn = new SignIn(
    (token) => {
      lookups.push(token);
      return Promise.resolve(issued.has(token) ? HOLDER : null);
    },
    () => clock.nowMs,
  );
  return { clock, issued, lookups, signIn };
}

const codeOf = (attempt: Promise<TokenHolder>) =>
  attempt.then(
    () => 'in',
    (error: { code: string }) => error.code,
  );

describe('sign-in', () => {
  it.each([
    [undefined, 'TOKEN_MISSING'],
    ['', 'TOKEN_MISSING'],
    [RIGHT, 'TOKEN_MISSING'],
    ['Basic cmdsOnJpZ2h0', 'TOKEN_MISSING'],
    ['Bearer ', 'TOKEN_MISSING'],
    ['Bearer two words', 'TOKEN_MISSING'],
    ['Bearer wrong', 'TOKEN_UNKNOWN'],
    [`Bearer ${RIGHT}x`, 'TOKEN_UNKNOWN'],
    [`Bearer ${RIGHT}`, 'in'],
    [`bearer   ${RIGHT} `, 'in'],
  ])('answers the header %j with %s', async (header, outcome) => {
    expect(await codeOf(setUp().signIn.checkHeader(header, '10.0.0.1'))).toBe(outcome);
  });

  it('makes an address wait after too many wrong tokens, without asking the store again', async () => {
    const { clock, lookups, signIn } = setUp();
    for (let i = 0; i < FAILURES_PER_MINUTE; i++) await codeOf(signIn.checkToken('wrong', '10.0.0.1'));
    expect(await codeOf(signIn.checkToken('wrong', '10.0.0.1'))).toBe('RATE_LIMITED');
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('RATE_LIMITED');
    expect(lookups).toHaveLength(FAILURES_PER_MINUTE);
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.2'))).toBe('in');
    clock.nowMs += 60_000;
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('in');
  });

  it('lets those who are in go on while somebody else at their address guesses', async () => {
    const { clock, issued, signIn } = setUp();
    await signIn.checkToken(RIGHT, '10.0.0.1');
    clock.nowMs += 3_600_000;
    for (let i = 0; i <= FAILURES_PER_MINUTE; i++) await codeOf(signIn.checkToken('wrong', '10.0.0.1'));
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('in');
    issued.clear();
    clock.nowMs += 30_000;
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('TOKEN_UNKNOWN');
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('RATE_LIMITED');
  });

  it('asks the store again after half a minute, so that a token that was withdrawn stops working', async () => {
    const { clock, issued, signIn } = setUp();
    await signIn.checkToken(RIGHT, '10.0.0.1');
    issued.clear();
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('in');
    clock.nowMs += 30_000;
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('TOKEN_UNKNOWN');
  });

  it('asks the store at once about a token that was withdrawn here', async () => {
    const { issued, signIn } = setUp();
    expect(await signIn.checkToken(RIGHT, '10.0.0.1')).toEqual(HOLDER);
    issued.clear();
    signIn.forget(HOLDER.tokenId);
    expect(await codeOf(signIn.checkToken(RIGHT, '10.0.0.1'))).toBe('TOKEN_UNKNOWN');
  });

  it('does not look up texts that are too long to be a token', async () => {
    const { lookups, signIn } = setUp();
    expect(await codeOf(signIn.checkToken('x'.repeat(5_000), '10.0.0.1'))).toBe('TOKEN_UNKNOWN');
    expect(lookups).toEqual([]);
  });
});
