import { ImportView, IssuedTokenView, pageOf, tolerant, TokenView } from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = {
  import: tolerant(ImportView),
  token: tolerant(IssuedTokenView),
  tokens: tolerant(pageOf(TokenView)),
};

/** Import of history and the tills' keys. */
export function createSalesApi({ ask, list, post, tell }: Asking, storeId: string) {
  return {
    /** Sends a file of past sales; it is checked wholly before any of it is stored.
     *  @param currency of the amounts, where the file has no column for it */
    importSales: (file: File, currency: string | null) => {
      const form = new FormData();
      form.append('storeId', storeId);
      if (currency !== null) form.append('currency', currency);
      form.append('file', file, file.name);
      return post(ANSWERS.import, '/v1/imports', form);
    },
    importState: (importId: string) =>
      ask(ANSWERS.import, 'GET', `/v1/imports/${encodeURIComponent(importId)}`),
    tokens: async () => (await list(ANSWERS.tokens, '/v1/tokens', {})).items,
    addTillToken: (name: string) => ask(ANSWERS.token, 'POST', '/v1/tokens', { name, role: 'till' }),
    revokeToken: (tokenId: string) => tell('DELETE', `/v1/tokens/${encodeURIComponent(tokenId)}`),
  };
}
