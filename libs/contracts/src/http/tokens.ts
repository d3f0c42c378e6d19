import { z } from 'zod';
import { Instant } from '../primitives.js';

/** `owner`: may do everything. `till`: may post sales and refunds and nothing else. */
export const TokenRole = z.enum(['owner', 'till']);
export type TokenRole = z.infer<typeof TokenRole>;

export const NewToken = z.strictObject({
  /** For the list of tokens, e.g. "till 2". */
  name: z.string().trim().min(1).max(80),
  role: TokenRole.default('till'),
});
export type NewToken = z.infer<typeof NewToken>;

/** For a token's revocation; tells nothing of the token. */
export const TokenId = z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected 64 hexadecimal digits' });

export const TokenView = z.strictObject({
  tokenId: TokenId,
  name: z.string(),
  role: TokenRole,
  createdAt: Instant,
  revokedAt: Instant.nullable(),
});
export type TokenView = z.infer<typeof TokenView>;

/** A new token as its holder gets it, this once. */
export const IssuedTokenView = z.strictObject({ ...TokenView.shape, token: z.string() });
export type IssuedTokenView = z.infer<typeof IssuedTokenView>;
