import { type DocumentStore, TokensRepository } from '@regulars/persistence';

/** Makes the installation's first token.
 *  @returns the token, to be shown once; null when the installation has had one before */
export async function firstOwnerToken(tokens: TokensRepository): Promise<string | null> {
  const issued = await tokens.issueFirst('first owner', new Date().toISOString());
  return issued?.token ?? null;
}

/** Makes another owner's token (`npm run token -- --new`); those that exist stay valid.
 *  @param store open
 *  @returns the token, to be shown once: only its hash is kept */
export async function createOwnerToken(store: DocumentStore): Promise<string> {
  const { token } = await new TokensRepository(store).issue('owner', new Date().toISOString());
  return token;
}
