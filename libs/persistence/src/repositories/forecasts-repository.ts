import { CustomerId, ForecastView, Instant } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';

interface ForecastDocument {
  readonly _id: string;
  readonly forecast: ForecastView;
  readonly trained?: unknown;
  /** For ordering: whole numbers, in millionths and minor units. */
  readonly churnPpm: number;
  readonly spendMinor: number;
  readonly madeAt: Instant;
}

const FORECASTS: CollectionSpec = {
  name: 'forecasts',
  indexes: [
    { name: 'churn', fields: ['churnPpm'] },
    { name: 'spend', fields: ['spendMinor'] },
    { name: 'age', fields: ['madeAt'] },
  ],
};

const MILLION = 1e6;

export interface CustomerForecast {
  readonly customerId: string;
  readonly forecast: ForecastView;
  /** What a trained model found of the customer, kept for the forecasts until the next training; whoever wrote it
   *  checks it. */
  readonly trained?: unknown;
}

function documentOf({ customerId, forecast, trained }: CustomerForecast, madeAt: Instant): ForecastDocument {
  const churnPpm = Math.round(forecast.churnProbability * MILLION);
  const spendMinor = Math.round(forecast.expectedSpendMinor);
  return {
    _id: customerId,
    forecast,
    ...(trained === undefined ? {} : { trained }),
    churnPpm,
    spendMinor,
    madeAt,
  };
}

function forecastOf({ _id, forecast }: ForecastDocument): CustomerForecast {
  return { customerId: _id, forecast };
}

/** What is expected of each customer. */
export class ForecastsRepository {
  private readonly forecasts: Collection<ForecastDocument>;

  constructor(store: DocumentStore) {
    this.forecasts = store.collection(FORECASTS);
  }

  async get(customerId: string): Promise<ForecastView | null> {
    return (await this.forecasts.get(customerId))?.forecast ?? null;
  }

  /** What a trained model found of the customer; undefined when it knew nothing of them. */
  async trainedOf(customerId: string): Promise<unknown> {
    return (await this.forecasts.get(customerId))?.trained;
  }

  async put(forecasts: readonly CustomerForecast[], madeAt: Instant): Promise<void> {
    await this.forecasts.bulk(
      forecasts.map((forecast) => ({ kind: 'replace', document: documentOf(forecast, madeAt) }) as const),
    );
  }

  /** The likeliest to stay away first, or those who will spend most.
   *  @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(query: {
    order: 'churn' | 'spend';
    limit: number;
    cursor?: string;
  }): Promise<Page<CustomerForecast>> {
    const { order, ...page } = query;
    const sort = [[order === 'churn' ? 'churnPpm' : 'spendMinor', 'desc']] as const;
    const { items, nextCursor } = await this.forecasts.find({ sort, ...page });
    return { items: items.map(forecastOf), nextCursor };
  }

  /** Those who will spend most first, of whom it is at least so likely that they stay away. */
  async *atRisk(minChurn: number): AsyncGenerator<CustomerForecast> {
    const filter = { churnPpm: { gte: Math.round(minChurn * MILLION) } };
    const sort = [['spendMinor', 'desc']] as const;
    for await (const document of this.forecasts.each({ sort, filter, limit: 500 }))
      yield forecastOf(document);
  }

  /** Forecasts of customers who are no longer forecast. @returns how many were removed */
  removeBefore(madeAt: Instant): Promise<number> {
    return this.forecasts.deleteWhere({ madeAt: { lt: madeAt } });
  }

  remove(customerId: string): Promise<boolean> {
    return this.forecasts.delete(customerId);
  }
}

const CampaignMember = z.strictObject({
  campaignId: z.string(),
  customerId: CustomerId,
  /** Held out: not to be addressed. */
  isHeldOut: z.boolean(),
  forecast: ForecastView,
  exportedAt: Instant,
});
export type CampaignMember = Readonly<z.infer<typeof CampaignMember>>;
type MemberDocument = z.infer<typeof CampaignMember> & { readonly _id: string };

const CAMPAIGNS: CollectionSpec = {
  name: 'campaign_members',
  indexes: [
    { name: 'campaign', fields: ['campaignId'] },
    { name: 'customer', fields: ['customerId'] },
  ],
};

function memberOf({ _id, ...member }: MemberDocument): CampaignMember {
  return member;
}

/** Who was on which campaign list and who was held out, so that the uplift can be measured later. */
export class CampaignsRepository {
  private readonly members: Collection<MemberDocument>;

  constructor(store: DocumentStore) {
    this.members = store.collection(CAMPAIGNS);
  }

  async record(members: readonly CampaignMember[]): Promise<void> {
    await this.members.bulk(
      members.map((member) => {
        const _id = `${member.campaignId} ${member.customerId}`;
        return { kind: 'replace', document: { _id, ...CampaignMember.parse(member) } } as const;
      }),
    );
  }

  async *of(campaignId: string): AsyncGenerator<CampaignMember> {
    for await (const document of this.members.each({ where: { campaignId }, limit: 500 }))
      yield memberOf(document);
  }

  /** Erasure. @returns how many */
  removeOfCustomer(customerId: string): Promise<number> {
    return this.members.deleteWhere({ customerId });
  }
}
