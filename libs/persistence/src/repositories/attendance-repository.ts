import type { AttendanceQuery, CalendarDay, Instant } from '@regulars/contracts';
import type { Collection, CollectionSpec, Document, DocumentStore, Page, Where } from '../document-store.js';

/** A customer was there on a day: one document however often they came. */
export interface AttendanceDocument extends Document {
  readonly storeId: string;
  readonly customerId: string;
  readonly day: CalendarDay;
  readonly firstSeenAt: Instant;
}

const SPEC: CollectionSpec = {
  name: 'attendance',
  indexes: [
    { name: 'day', fields: ['day'] },
    { name: 'store', fields: ['storeId', 'day'] },
    { name: 'customer', fields: ['customerId', 'day'] },
    { name: 'customer-in-store', fields: ['customerId', 'storeId', 'day'] },
  ],
};

type Key = Pick<AttendanceDocument, 'storeId' | 'customerId' | 'day'>;
const idOf = ({ storeId, customerId, day }: Key) => `${day}/${storeId}/${customerId}`;

export class AttendanceRepository {
  private readonly attendance: Collection<AttendanceDocument>;

  constructor(store: DocumentStore) {
    this.attendance = store.collection<AttendanceDocument>(SPEC);
  }

  /** Enters a day once. When it is entered already the earlier of the two instants stands. */
  async enter({ firstSeenAt, ...key }: Omit<AttendanceDocument, '_id'>): Promise<void> {
    await this.attendance.update(idOf(key), { min: { firstSeenAt } }, { insert: { ...key } });
  }

  async remove(key: Key): Promise<void> {
    await this.attendance.delete(idOf(key));
  }

  /** @returns days removed */
  removeCustomer(customerId: string): Promise<number> {
    return this.attendance.deleteWhere({ customerId });
  }

  /** By day, the newest first.
   *  @param query `to` is included */
  list({ storeId, customerId, from, to, limit, cursor }: AttendanceQuery): Promise<Page<AttendanceDocument>> {
    const where: Where = {
      ...(customerId === undefined ? {} : { customerId }),
      ...(storeId === undefined ? {} : { storeId }),
      ...(from === undefined && to === undefined
        ? {}
        : { day: { ...(from && { gte: from }), ...(to && { lte: to }) } }),
    };
    const page = cursor === undefined ? {} : { cursor };
    return this.attendance.find({ where, sort: [['day', 'desc']], limit, ...page });
  }
}
