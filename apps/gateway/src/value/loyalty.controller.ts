import { Body, Controller, Get, Inject, Put, Query } from '@nestjs/common';
import {
  LoyalCustomersQuery,
  LoyaltyRules,
  LoyaltyRulesChanged,
  type LoyalCustomerView,
  type PageView,
} from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import { PUBLISHER, Repositories } from '../services.js';
import { ValueShelf } from './value-shelf.js';

/** The rules of loyalty and who fulfils them. */
@Controller('v1')
export class LoyaltyController {
  constructor(
    private readonly repositories: Repositories,
    private readonly shelf: ValueShelf,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
  ) {}

  @Get('loyalty-rules')
  rules(): Promise<LoyaltyRules> {
    return this.shelf.models.loyaltyRules();
  }

  @Put('loyalty-rules')
  async setRules(@Body({ schema: LoyaltyRules }) rules: LoyaltyRules): Promise<LoyaltyRules> {
    await this.shelf.models.setLoyaltyRules(rules);
    await this.publisher.publish(LoyaltyRulesChanged, { changedAt: new Date().toISOString() });
    return rules;
  }

  @Get('loyal-customers')
  async loyal(
    @Query({ schema: LoyalCustomersQuery }) query: LoyalCustomersQuery,
  ): Promise<PageView<LoyalCustomerView>> {
    const { items, nextCursor } = await this.shelf.loyalty.list(query);
    const names = await this.repositories.customers.names(items.map(({ customerId }) => customerId));
    const named = items.map((item) => ({ ...item, displayName: names.get(item.customerId) ?? null }));
    return { items: named, nextCursor };
  }
}
