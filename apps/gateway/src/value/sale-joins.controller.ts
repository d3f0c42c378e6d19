import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import {
  type PageView,
  RegularsError,
  type SaleCorrectionAct,
  type SaleCorrectionView,
  SaleId,
  SaleJoinCorrected,
  SaleJoinDenial,
  SaleJoinQuery,
  type SaleJoinView,
  type SaleOwner,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import { correctionOf, type LedgerEntry } from '@regulars/persistence';
import type { HttpRequest } from '../http/exchange.js';
import { PUBLISHER, Repositories } from '../services.js';
import { ValueShelf } from './value-shelf.js';

/** To which visits sales were joined, and what operators say of that. Analytics keeps what they say and obeys it:
 *  once the event is published nothing of it can be lost. */
@Controller('v1/sale-joins')
export class SaleJoinsController {
  constructor(
    private readonly repositories: Repositories,
    private readonly shelf: ValueShelf,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
  ) {}

  @Get()
  async list(@Query({ schema: SaleJoinQuery }) query: SaleJoinQuery): Promise<PageView<SaleJoinView>> {
    const { storeId, from, to, sure: isSure, ...page } = query;
    const { ledger, links } = this.shelf;
    const { items, nextCursor } = await links.list({ storeId, time: { from, to }, isSure, ...page });
    const ids = items.flatMap(({ customerId }) => customerId ?? []);
    const names = await this.repositories.customers.names(ids);
    const views = items.map(async ({ formula: _, ...link }): Promise<SaleJoinView> => {
      const entry = (await ledger.get(link.saleId))?.entry;
      const correction = await links.corrections.of(link.saleId);
      return {
        ...link,
        amountMinor: entry?.amountMinor ?? null,
        currency: entry?.currency ?? null,
        tillId: entry?.tillId ?? null,
        isNamed: (entry?.namedCustomerId ?? null) !== null,
        displayName: (link.customerId && names.get(link.customerId)) ?? null,
        correction: correction && { ...correction, notCustomerIds: [...correction.notCustomerIds] },
      };
    });
    return { items: await Promise.all(views), nextCursor };
  }

  /** "Not this customer." Said again, it changes nothing. */
  @Post(':saleId/not-this-customer')
  @HttpCode(200)
  async deny(
    @Param('saleId', { schema: SaleId }) saleId: string,
    @Body({ schema: SaleJoinDenial }) { customerId, instead }: SaleJoinDenial,
    @Req() request: HttpRequest,
  ): Promise<SaleCorrectionView> {
    const sale = await this.saleOf(saleId);
    const { links } = this.shelf;
    const acts = await links.corrections.actsOf(saleId);
    const known = correctionOf(acts);
    const isDenied = known?.notCustomerIds.includes(customerId) === true;
    if (!isDenied) {
      if (sale.namedCustomerId !== null && known === null) throw new RegularsError('SALE_NAMED', { saleId });
      const joinedTo = (await links.get(saleId))?.link.customerId;
      if (joinedTo !== customerId && sale.ownerId !== customerId)
        throw new RegularsError('SALE_OF_ANOTHER', { saleId, customerId });
    }
    const owner = await this.ownerOf(sale, instead);
    if (owner?.customerId === customerId)
      throw new RegularsError('REQUEST_INVALID', {
        'instead.visitId': 'is a visit of the customer whose the sale is not',
      });
    if (known !== null && isDenied && (owner === null || isSameOwner(owner, known.instead)))
      return { saleId, ...known, notCustomerIds: [...known.notCustomerIds] };
    const act = await this.say(sale, request, { kind: 'not', notCustomerId: customerId, instead: owner });
    const { notCustomerIds = [], instead: whose = null } = correctionOf([...acts, act]) ?? {};
    return { saleId, notCustomerIds: [...notCustomerIds], instead: whose, correctedAt: act.correctedAt };
  }

  /** Takes back all that was said of a sale: it is joined by the evidence again. */
  @Delete(':saleId/correction')
  @HttpCode(204)
  async withdraw(
    @Param('saleId', { schema: SaleId }) saleId: string,
    @Req() request: HttpRequest,
  ): Promise<void> {
    const sale = await this.saleOf(saleId);
    if ((await this.shelf.links.corrections.of(saleId)) === null) return;
    await this.say(sale, request, { kind: 'withdrawn', notCustomerId: null, instead: null });
  }

  /** Who said what of a sale and when, the oldest first. */
  @Get(':saleId/corrections')
  async corrections(
    @Param('saleId', { schema: SaleId }) saleId: string,
  ): Promise<PageView<SaleCorrectionAct>> {
    await this.saleOf(saleId);
    return { items: await this.shelf.links.corrections.actsOf(saleId), nextCursor: null };
  }

  private async saleOf(saleId: string): Promise<LedgerEntry> {
    const entry = (await this.shelf.ledger.get(saleId))?.entry;
    if (entry?.kind !== 'sale') throw new RegularsError('SALE_NOT_FOUND', { saleId });
    return entry;
  }

  private async ownerOf(sale: LedgerEntry, instead: SaleJoinDenial['instead']): Promise<SaleOwner | null> {
    if (instead === undefined) return null;
    if ('customerId' in instead) {
      const { customerId } = instead;
      if ((await this.repositories.customers.get(customerId)) === null)
        throw new RegularsError('CUSTOMER_NOT_FOUND', { customerId });
      return { visitId: null, customerId };
    }
    const visit = (await this.repositories.visits.get(instead.visitId))?.visit;
    if (visit?.storeId !== sale.storeId || visit.merged !== null)
      throw new RegularsError('VISIT_NOT_FOUND', { visitId: instead.visitId });
    const { visitor } = visit;
    return {
      visitId: visit.visitId,
      customerId: visitor.kind === 'customer' ? visitor.customerId : null,
    };
  }

  private async say(
    { entryId: saleId, storeId }: LedgerEntry,
    { holder }: HttpRequest,
    what: Pick<SaleCorrectionAct, 'kind' | 'notCustomerId' | 'instead'>,
  ): Promise<SaleCorrectionAct> {
    const correctionId = newId('evt');
    const correctedAt = new Date().toISOString();
    const said = { correctionId, saleId, storeId, correctedAt, correctedBy: holder?.tokenId ?? '' };
    const act = { ...said, ...what };
    await this.publisher.publish(SaleJoinCorrected, act, { eventId: correctionId });
    return act;
  }
}

function isSameOwner(one: SaleOwner, other: SaleOwner | null): boolean {
  return one.visitId === other?.visitId && one.customerId === other.customerId;
}
