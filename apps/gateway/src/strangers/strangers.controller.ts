import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ChangePseudonym,
  type ChangePseudonymRequest,
  CompareStranger,
  isRegularsError,
  type PageView,
  PseudonymChangeId,
  type PseudonymChangeView,
  PseudonymId,
  pseudonymLabel,
  RegularsError,
  type StrangerChanged,
  type StrangerDetails,
  StrangerMerge,
  StrangerPromotion,
  StrangerQuery,
  StrangerSplit,
  type StrangerView,
  TransientError,
} from '@regulars/contracts';
import type { Broker } from '@regulars/messaging';
import type { Pseudonym } from '@regulars/persistence';
import { consentHolds } from '../customers/consent.js';
import { knownCustomer } from '../customers/customers.controller.js';
import { BROKER, Repositories } from '../services.js';

const BY_ID = { schema: PseudonymId };

@Controller('v1/strangers')
export class StrangersController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(BROKER) private readonly broker: Broker,
  ) {}

  @Get()
  async list(@Query({ schema: StrangerQuery }) query: StrangerQuery): Promise<PageView<StrangerView>> {
    const { storeId, ...page } = query;
    const { items, nextCursor } = await this.repositories.pseudonyms.list(storeId, page);
    return { items: await Promise.all(items.map((one) => this.show(one))), nextCursor };
  }

  @Get('changes')
  async changes(
    @Query({ schema: StrangerQuery }) query: StrangerQuery,
  ): Promise<PageView<PseudonymChangeView>> {
    const { storeId, ...page } = query;
    const { items, nextCursor } = await this.repositories.pseudonymChanges.list(storeId, page);
    return { items: [...items], nextCursor };
  }

  @Post('changes/:changeId/undo')
  @HttpCode(200)
  undo(@Param('changeId', { schema: PseudonymChangeId }) changeId: string): Promise<StrangerChanged> {
    return this.change({ kind: 'undo', changeId });
  }

  @Get(':pseudonymId')
  async get(@Param('pseudonymId', BY_ID) pseudonymId: string): Promise<StrangerDetails> {
    const { pseudonyms } = this.repositories;
    const known = await pseudonyms.get(pseudonymId);
    if (known === null) throw new RegularsError('STRANGER_NOT_FOUND', { pseudonymId });
    const { storeId } = known;
    const passes = (await pseudonyms.passesOf(pseudonymId)).map(
      ({ sightingId, cameraId, startedAt, endedAt, distance, isTrusted, expiresAt }) => ({
        sightingId,
        cameraId,
        startedAt,
        endedAt,
        distance,
        isTrusted,
        expiresAt,
      }),
    );
    const { alike } = await this.broker.ask(CompareStranger, { pseudonymId, storeId }).catch(rejectAway);
    return { ...(await this.show(known)), passes, alike };
  }

  @Post(':pseudonymId/merge')
  @HttpCode(200)
  merge(
    @Param('pseudonymId', BY_ID) from: string,
    @Body({ schema: StrangerMerge }) { into }: StrangerMerge,
  ): Promise<StrangerChanged> {
    return this.change({ kind: 'merge', from, into });
  }

  @Post(':pseudonymId/split')
  @HttpCode(200)
  split(
    @Param('pseudonymId', BY_ID) from: string,
    @Body({ schema: StrangerSplit }) { sightingIds }: StrangerSplit,
  ): Promise<StrangerChanged> {
    return this.change({ kind: 'split', from, sightingIds });
  }

  /** The stranger becomes a customer, with all visits so far: only one who has agreed to it. */
  @Post(':pseudonymId/promote')
  @HttpCode(200)
  async promote(
    @Param('pseudonymId', BY_ID) from: string,
    @Body({ schema: StrangerPromotion }) { customerId }: StrangerPromotion,
  ): Promise<StrangerChanged> {
    const { consent } = await knownCustomer(this.repositories, customerId);
    if (!consentHolds(consent, new Date().toISOString())) {
      throw new RegularsError('CONSENT_MISSING', { customerId, until: consent?.until ?? null });
    }
    return this.change({ kind: 'promote', from, into: customerId });
  }

  @Delete(':pseudonymId')
  @HttpCode(200)
  erase(@Param('pseudonymId', BY_ID) from: string): Promise<StrangerChanged> {
    return this.change({ kind: 'erase', from });
  }

  private change(change: ChangePseudonymRequest['change']): Promise<StrangerChanged> {
    return this.broker.ask(ChangePseudonym, { change }).catch(rejectAway);
  }

  private async show({
    pseudonymId,
    storeId,
    kind,
    firstSeenAt,
    lastSeenAt,
  }: Pseudonym): Promise<StrangerView> {
    const sightings = await this.repositories.pseudonyms.countPasses(pseudonymId);
    const label = pseudonymLabel(pseudonymId);
    return { pseudonymId, label, storeId, kind, firstSeenAt, lastSeenAt, sightings };
  }
}

function rejectAway(error: unknown): never {
  const isAway =
    isRegularsError(error) && (error.code === 'REPLY_TIMEOUT' || error.code === 'BROKER_UNAVAILABLE');
  throw isAway ? new TransientError('RECOGNITION_UNAVAILABLE', {}, { cause: error }) : error;
}
