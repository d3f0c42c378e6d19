import type { TokensRepository } from '@regulars/persistence';

/** Makes the installation's first token.
 *  @returns the token, to be shown once; null when the installation has had one before */
export async function firstOwnerToken(tokens: TokensRepository): Promise<string | null> {
  const issued = await tokens.issueFirst('first owner', new Date().toISOString());
  return issued?.token ?? null;
}
