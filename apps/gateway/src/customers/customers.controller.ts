import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import {
  CustomerChange,
  CustomerId,
  CustomerQuery,
  CustomerUpdated,
  type CustomerView,
  type ErasureCertificate,
  isRegularsError,
  NewCustomer,
  type PageView,
  RegularsError,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { CustomerRecord } from '@regulars/persistence';
import { PUBLISHER, Repositories } from '../services.js';
import { eraseCustomer } from './erasure.js';

const BY_ID = { schema: CustomerId };

@Controller('v1/customers')
export class CustomersController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
  ) {}

  @Post()
  async create(@Body({ schema: NewCustomer }) customer: NewCustomer): Promise<CustomerView> {
    const customerId = newId('cus');
    const at = new Date().toISOString();
    const { customers } = this.repositories;
    const record = await customers.create(customerId, customer, at).catch(rejectTaken);
    await this.publisher.publish(CustomerUpdated, { customerId, change: 'created', updatedAt: at });
    return { ...viewOf(record), templates: 0 };
  }

  @Get()
  async list(@Query({ schema: CustomerQuery }) query: CustomerQuery): Promise<PageView<CustomerView>> {
    const { externalId, limit, cursor } = query;
    if (externalId !== undefined) {
      const record = await this.repositories.customers.byExternalId(externalId);
      return { items: record === null ? [] : [await this.show(record)], nextCursor: null };
    }
    const page = await this.repositories.customers.list({ limit, cursor });
    const items = await Promise.all(page.items.map((record) => this.show(record)));
    return { items, nextCursor: page.nextCursor };
  }

  @Get(':customerId')
  async get(@Param('customerId', BY_ID) customerId: string): Promise<CustomerView> {
    return this.show(await knownCustomer(this.repositories, customerId));
  }

  @Patch(':customerId')
  async change(
    @Param('customerId', BY_ID) customerId: string,
    @Body({ schema: CustomerChange }) change: CustomerChange,
  ): Promise<CustomerView> {
    const record = await this.repositories.customers.change(customerId, change).catch(rejectTaken);
    const until = change.consent?.until;
    if (until !== undefined) await this.repositories.crops.endBy(customerId, until);
    const updatedAt = new Date().toISOString();
    await this.publisher.publish(CustomerUpdated, { customerId, change: 'renamed', updatedAt });
    return this.show(record);
  }

  @Delete(':customerId')
  @HttpCode(200)
  erase(@Param('customerId', BY_ID) customerId: string): Promise<ErasureCertificate> {
    return eraseCustomer(customerId, new Date().toISOString(), this.repositories, this.publisher);
  }

  /** With the number of templates of the recogniser that serves; of another one beside it they are not counted. */
  private async show(record: CustomerRecord): Promise<CustomerView> {
    const { identity, templates: books } = this.repositories;
    const state = await identity.state();
    const templates = await books.countOfCustomer(record.customerId, state?.model);
    return { ...viewOf(record), templates };
  }
}

/** @throws RegularsError CUSTOMER_NOT_FOUND */
export async function knownCustomer(
  { customers }: Pick<Repositories, 'customers'>,
  customerId: string,
): Promise<CustomerRecord> {
  const record = await customers.get(customerId);
  if (record === null) throw new RegularsError('CUSTOMER_NOT_FOUND', { customerId });
  return record;
}

function viewOf({ revision: _revision, ...record }: CustomerRecord): Omit<CustomerView, 'templates'> {
  return record;
}

function rejectTaken(error: unknown): never {
  const isTaken = isRegularsError(error) && error.code === 'VALUE_TAKEN';
  throw isTaken ? new RegularsError('CUSTOMER_EXISTS', { field: 'externalId' }, { cause: error }) : error;
}
