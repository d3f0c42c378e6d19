import type { z } from 'zod';
import { SaleCorrectionAct } from '../http/sale-joins.js';
import { defineEvent } from './event.js';

export const SaleJoinCorrected = defineEvent({
  key: 'sale-join.corrected',
  summary: 'An operator said whose a joined sale is not, or took back what was said.',
  worth: 'counts',
  publishedBy: ['gateway'],
  consumedBy: ['analytics'],
  happenedAt: 'correctedAt',
  schema: SaleCorrectionAct,
  example: {
    correctionId: 'evt_9s7d1m3q8w6e0h5t4f2k',
    saleId: 'sal_1m3q8w6e0h5t4f2k9s7d',
    storeId: 'main',
    kind: 'not',
    notCustomerId: 'cus_4f2k9s7d1m3q8w6e0h5t',
    instead: null,
    correctedAt: '2026-03-02T10:00:00.000Z',
    correctedBy: 'f'.repeat(64),
  },
});
export type SaleJoinCorrected = z.infer<typeof SaleJoinCorrected.schema>;
