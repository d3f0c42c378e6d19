import { CalendarDay, CustomerId, Instant, StoreId, type AttendanceQuery } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page, Where } from '../document-store.js';

const Attendance = z.strictObject({
  day: CalendarDay,
  storeId: StoreId,
  customerId: CustomerId,
  firstSeenAt: Instant,
});
/** A customer was there on a day. */
export type Attendance = Readonly<z.infer<typeof Attendance>>;
type AttendanceDocument = z.infer<typeof Attendance> & { readonly _id: string };
export type AttendanceKey = Omit<Attendance, 'firstSeenAt'>;

const ATTENDANCE: CollectionSpec = {
  name: 'attendance',
  indexes: [
    { name: 'day', fields: ['day'] },
    { name: 'store_day', fields: ['storeId', 'day'] },
    { name: 'customer_day', fields: ['customerId', 'day'] },
  ],
};

function keyOf({ day, storeId, customerId }: AttendanceKey): string {
  return `${day} ${storeId} ${customerId}`;
}

function attendanceOf({ _id, ...rest }: AttendanceDocument): Attendance {
  return rest;
}

function conditionsOf(query: Omit<AttendanceQuery, 'limit' | 'cursor'>): { where: Where; filter: Where } {
  const { storeId, customerId, from, to } = query;
  const day: Where = from === undefined && to === undefined ? {} : { day: { gte: from, lte: to } };
  const ofStore: Where = storeId === undefined ? {} : { storeId };
  if (customerId !== undefined) return { where: { customerId, ...day }, filter: ofStore };
  return { where: { ...ofStore, ...day }, filter: {} };
}

/** Who came on which day: one line a day, store and customer, however often they came. */
export class AttendanceRepository {
  private readonly attendance: Collection<AttendanceDocument>;

  constructor(store: DocumentStore) {
    this.attendance = store.collection(ATTENDANCE);
  }

  /** Notes it once; the earliest sight of the day stays, in whatever order they arrive. */
  async record(attendance: Attendance): Promise<void> {
    const { firstSeenAt, ...key } = Attendance.parse(attendance);
    await this.attendance.update(keyOf(key), { min: { firstSeenAt } }, { insert: key });
  }

  /** Takes a day back that later evidence gave to somebody else. @returns whether it was there */
  remove(key: AttendanceKey): Promise<boolean> {
    return this.attendance.delete(keyOf(key));
  }

  /** Erasure. @returns how many days were removed */
  removeOfCustomer(customerId: string): Promise<number> {
    return this.attendance.deleteWhere({ customerId });
  }

  /** Newest day first; both ends of the time belong to it.
   *  @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(query: AttendanceQuery): Promise<Page<Attendance>> {
    const { limit, cursor, ...wanted } = query;
    const page = await this.attendance.find({
      ...conditionsOf(wanted),
      sort: [['day', 'desc']],
      limit,
      cursor,
    });
    return { items: page.items.map(attendanceOf), nextCursor: page.nextCursor };
  }

  /** All of it by day, store and customer, oldest first: the order of the CSV file. */
  async *each(query: Omit<AttendanceQuery, 'limit' | 'cursor'>): AsyncGenerator<Attendance> {
    const sort = [['day', 'asc']] as const;
    for await (const document of this.attendance.each({ ...conditionsOf(query), sort, limit: 1_000 }))
      yield attendanceOf(document);
  }
}
