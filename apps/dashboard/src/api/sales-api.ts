import {
  ImportView,
  IssuedTokenView,
  pageOf,
  SaleCorrectionView,
  SaleJoinView,
  tolerant,
  TokenView,
} from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = {
  import: tolerant(ImportView),
  token: tolerant(IssuedTokenView),
  tokens: tolerant(pageOf(TokenView)),
  joins: tolerant(pageOf(SaleJoinView)),
  corrected: tolerant(SaleCorrectionView),
};

/** Joined sales that the page shows: the latest. */
const JOINS = '50';

/** Import of history, the tills' keys, and to whom sales were joined. */
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
    saleJoins: async () => {
      const query = new URLSearchParams({ storeId, limit: JOINS }).toString();
      return (await ask(ANSWERS.joins, 'GET', `/v1/sale-joins?${query}`)).items;
    },
    /** @param insteadId whose the sale is; null when that is not known */
    notThisCustomer: (saleId: string, customerId: string, insteadId: string | null) =>
      ask(ANSWERS.corrected, 'POST', `/v1/sale-joins/${encodeURIComponent(saleId)}/not-this-customer`, {
        customerId,
        ...(insteadId === null ? {} : { instead: { customerId: insteadId } }),
      }),
    withdrawSaleCorrection: (saleId: string) =>
      tell('DELETE', `/v1/sale-joins/${encodeURIComponent(saleId)}/correction`),
    tokens: async () => (await list(ANSWERS.tokens, '/v1/tokens', {})).items,
    addTillToken: (name: string) => ask(ANSWERS.token, 'POST', '/v1/tokens', { name, role: 'till' }),
    revokeToken: (tokenId: string) => tell('DELETE', `/v1/tokens/${encodeURIComponent(tokenId)}`),
  };
}
