import { Controller, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import {
  assertNever,
  isRegularsError,
  RegularsError,
  StoreId,
  type Telemetry,
  TillId,
  type WebhookAnswer,
  WebhookProvider,
} from '@regulars/contracts';
import { z } from 'zod';
import type { HttpRequest } from '../http/exchange.js';
import { Repositories } from '../services.js';
import { SalesDesk } from '../sales/sales-desk.js';
import { ForSigned } from '../sign-in/token.guard.js';
import { TELEMETRY } from '../telemetry.js';
import { exactJson } from './exact-json.js';
import type { Place, ProviderEvent } from './provider-event.js';
import { shopifyEvent } from './shopify.js';
import { type SignedMessage, verdictOn } from './signatures.js';
import { squareEvent } from './square.js';
import { standardEvent } from './standard.js';
import { stripeEvent } from './stripe.js';
import { type WebhookSettings, WEBHOOK_SETTINGS } from './webhook-settings.js';

/** Where the sales of a subscription belong; part of the address that is set at the provider. */
export const WebhookQuery = z.strictObject({ storeId: StoreId.default('main'), tillId: TillId.optional() });

@Controller('v1/webhooks')
@ForSigned()
export class WebhooksController {
  constructor(
    @Inject(WEBHOOK_SETTINGS) private readonly settings: WebhookSettings,
    private readonly desk: SalesDesk,
    private readonly repositories: Repositories,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  @Post(':provider')
  @HttpCode(200)
  async receive(
    @Param('provider', { schema: WebhookProvider }) provider: WebhookProvider,
    @Query({ schema: WebhookQuery }) place: Place,
    @Req() request: HttpRequest,
  ): Promise<WebhookAnswer> {
    try {
      const { headers, rawBody: body = Buffer.alloc(0) } = request;
      this.verify(provider, { headers, body }, request.originalUrl);
      const event = eventOf(provider, { headers, body }, place);
      const result = await this.handle(provider, event, body);
      this.count(provider, result);
      return { eventId: event.eventId, result };
    } catch (error) {
      this.count(provider, isRegularsError(error) ? error.code : 'INTERNAL');
      throw error;
    }
  }

  /** @throws RegularsError WEBHOOK_NOT_CONFIGURED, WEBHOOK_SIGNATURE_INVALID, WEBHOOK_TOO_OLD */
  private verify(provider: WebhookProvider, message: SignedMessage, address: string): void {
    const { secrets, url, variable } = this.settings[provider];
    if (secrets.length === 0) throw new RegularsError('WEBHOOK_NOT_CONFIGURED', { provider, variable });
    const query = address.includes('?') ? address.slice(address.indexOf('?')) : '';
    const keys = { secrets, notificationUrl: url.includes('?') ? url : url + query };
    const verdict = verdictOn(provider, message, keys, Date.now());
    if (verdict === 'invalid') throw new RegularsError('WEBHOOK_SIGNATURE_INVALID', { provider });
    if (verdict === 'stale') throw new RegularsError('WEBHOOK_TOO_OLD', { provider });
  }

  /** The sale is stored before its message counts as known: whatever ends in between is sent again. */
  private async handle(
    provider: WebhookProvider,
    { eventId, type, incoming }: ProviderEvent,
    body: Uint8Array,
  ): Promise<WebhookAnswer['result']> {
    const { webhookEvents } = this.repositories;
    if (await webhookEvents.isKnown(provider, eventId)) return 'repeated';
    const receivedAt = new Date().toISOString();
    const [taken] = incoming === null ? [] : await this.desk.take([incoming], provider, receivedAt);
    const result = taken?.result ?? 'kept';
    const isUnderstood = result === 'recorded' || result === 'known';
    const kept = isUnderstood ? {} : { body: Buffer.from(body).toString('utf8') };
    await webhookEvents.keep({ provider, eventId, type, receivedAt, result, ...kept });
    return result;
  }

  private count(provider: WebhookProvider, result: string): void {
    this.telemetry.meter.count('regulars_webhooks_total', { provider, result });
  }
}

/** @throws RegularsError WEBHOOK_INVALID */
export function eventOf(
  provider: WebhookProvider,
  { headers, body }: SignedMessage,
  place: Place,
): ProviderEvent {
  const json = exactJson(Buffer.from(body).toString('utf8'));
  switch (provider) {
    case 'square':
      return squareEvent(json, place);
    case 'shopify':
      return shopifyEvent(json, headers, place);
    case 'stripe':
      return stripeEvent(json, place);
    case 'standard':
      return standardEvent(json, headers, place);
    default:
      return assertNever(provider);
  }
}
