import { createHash, randomBytes } from 'node:crypto';
import { Instant, TokenRole } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';

const TokenDocument = z.strictObject({
  /** SHA-256 of the token, hex. Tokens are 256 random bits, so a slow hash would protect nothing more. */
  _id: z.string().length(64),
  name: z.string().min(1).max(80),
  role: TokenRole,
  createdAt: Instant,
  revokedAt: Instant.nullable(),
  /** Only the first owner's token has it; it can be held once. */
  first: z.literal('owner').optional(),
});
type TokenDocument = z.infer<typeof TokenDocument>;

export interface TokenRecord {
  readonly tokenId: string;
  readonly name: string;
  readonly role: TokenRole;
  readonly createdAt: Instant;
  readonly revokedAt: Instant | null;
}

/** A token as its holder gets it, once. */
export interface IssuedToken {
  readonly token: string;
  /** For its revocation; tells nothing of the token. */
  readonly tokenId: string;
}

const TOKENS: CollectionSpec = {
  name: 'tokens',
  indexes: [
    { name: 'first', fields: ['first'], unique: true },
    { name: 'created', fields: ['createdAt'] },
  ],
};

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function recordOf({ _id, name, role, createdAt, revokedAt }: TokenDocument): TokenRecord {
  return { tokenId: _id, name, role, createdAt, revokedAt };
}

/** Access tokens, kept as hashes: a token is seen once, when it is issued. */
export class TokensRepository {
  private readonly tokens: Collection<TokenDocument>;

  /** @param random source of random bytes; tests pass their own */
  constructor(
    store: DocumentStore,
    private readonly random: (size: number) => Uint8Array = randomBytes,
  ) {
    this.tokens = store.collection(TOKENS);
  }

  private async insert(
    name: string,
    role: TokenRole,
    createdAt: Instant,
    first?: 'owner',
  ): Promise<IssuedToken | null> {
    const token = `rgl_${Buffer.from(this.random(32)).toString('base64url')}`;
    const tokenId = hashOf(token);
    const document = { _id: tokenId, name, role, createdAt, revokedAt: null, first };
    return (await this.tokens.insertOnce(TokenDocument.parse(document))) ? { token, tokenId } : null;
  }

  /** Issues the installation's first token. Of several processes that start at once, one gets it.
   *  @returns null when it was issued before */
  issueFirst(name: string, at: Instant): Promise<IssuedToken | null> {
    return this.insert(name, 'owner', at, 'owner');
  }

  /** Issues another token. @param name for the list of tokens */
  async issue(name: string, at: Instant, role: TokenRole = 'owner'): Promise<IssuedToken> {
    const issued = await this.insert(name, role, at);
    if (issued) return issued;
    throw new Error('256 random bits came twice: the random source is broken');
  }

  /** @returns whose token it is; null when it is unknown or revoked */
  async find(token: string): Promise<TokenRecord | null> {
    const document = await this.tokens.get(hashOf(token));
    return document && document.revokedAt === null ? recordOf(document) : null;
  }

  /** Oldest first, revoked ones too; at most 1,000. */
  async list(): Promise<TokenRecord[]> {
    const { items } = await this.tokens.find({ sort: [['createdAt', 'asc']], limit: 1_000 });
    return items.map(recordOf);
  }

  /** @returns whether it was valid until now */
  async revoke(tokenId: string, at: Instant): Promise<boolean> {
    const change = { set: { revokedAt: at } };
    return (await this.tokens.update(tokenId, change, { where: { revokedAt: null } })) !== null;
  }
}
