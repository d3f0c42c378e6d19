import { AttendanceView, ErrorBody, pageOf, VisitCountView, VisitView } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import {
  AttendanceRepository,
  CameraChangesRepository,
  CustomersRepository,
  VisitsRepository,
  type VisitRecord,
} from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../testing/rig.js';

const ADA = idFrom('cus', 'ada');
const EVE = idFrom('cus', 'eve');
const GONE = idFrom('cus', 'gone');

function visit(number: number, part: Partial<VisitRecord>): VisitRecord {
  const startedAt = new Date(Date.UTC(2026, 2, 1, 9, number)).toISOString();
  return {
    visitId: idFrom('vis', number),
    storeId: 'main',
    visitor: { kind: 'customer', customerId: ADA },
    startedAt,
    lastSeenAt: startedAt,
    endedAt: startedAt,
    firstSightingId: idFrom('sgt', number),
    firstCameraId: 'door',
    cameraIds: ['door', 'till'],
    sightings: 2,
    satisfaction: { score: 0.7, class: 'satisfied', spread: 0.1, scoredCrops: 4, abstentions: 1 },
    days: [],
    merged: null,
    generation: 0,
    ...part,
  };
}

const announced = { started: true, endedEventId: null, mergedInto: null, days: [], countedAt: null };

describe('visits and attendance over HTTP', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ STORE_TIME_ZONE: 'Europe/Berlin' });
    const customers = new CustomersRepository(rig.store);
    const visits = new VisitsRepository(rig.store);
    const attendance = new AttendanceRepository(rig.store);
    const at = '2026-03-01T08:00:00.000Z';
    await customers.create(ADA, { displayName: 'Byron, "Ada"' }, at);
    await customers.create(EVE, { displayName: '=HYPERLINK("http://evil","x")\r\nSet-Cookie: a=b' }, at);
    const stranger = { kind: 'stranger', sightingId: idFrom('sgt', 'stranger') } as const;
    const all = [
      visit(1, {}),
      visit(2, { endedAt: null }),
      visit(3, { visitor: stranger, storeId: 'harbour', firstSightingId: stranger.sightingId }),
      visit(4, { visitor: { kind: 'customer', customerId: GONE } }),
      visit(5, { merged: { into: idFrom('vis', 1), at } }),
    ];
    for (const item of all) await visits.save({ visit: item, announced, isDue: false }, null);
    for (const [customerId, day, storeId] of [
      [ADA, '2026-03-01', 'main'],
      [EVE, '2026-03-02', 'main'],
      [GONE, '2026-03-03', 'harbour'],
    ] as const) {
      await attendance.record({ day, storeId, customerId, firstSeenAt: `${day}T22:30:05.000Z` });
    }
  });
  afterAll(() => rig.close());

  const visitsOf = async (query: string) => {
    const page = pageOf(VisitView).parse(await (await rig.request('GET', `/v1/visits${query}`)).json());
    return page.items;
  };
  const numbers = (items: readonly VisitView[]) =>
    items.map(({ visitId }) => [1, 2, 3, 4, 5].find((number) => idFrom('vis', number) === visitId));

  it.each([
    ['', [4, 3, 2, 1]],
    ['?storeId=main', [4, 2, 1]],
    ['?storeId=harbour', [3]],
    ['?open=true', [2]],
    ['?open=false', [4, 3, 1]],
    [`?customerId=${ADA}`, [2, 1]],
    [`?customerId=${ADA}&open=true`, [2]],
    ['?from=2026-03-01T09:02:00.000Z&to=2026-03-01T09:04:00.000Z', [3, 2]],
    ['?limit=1', [4]],
  ])('visits %s are %j', async (query, expected) => {
    expect(numbers(await visitsOf(query))).toEqual(expected);
  });

  it('visits name their customers; strangers and erased customers have no name', async () => {
    const names = (await visitsOf('')).map(({ displayName }) => displayName);
    expect(names).toEqual([null, null, 'Byron, "Ada"', 'Byron, "Ada"']);
  });

  it('attendance is one line a customer and day, the newest first', async () => {
    const response = await rig.request('GET', '/v1/attendance');
    const { items } = pageOf(AttendanceView).parse(await response.json());
    expect(items.map(({ day, customerId }) => [day, customerId])).toEqual([
      ['2026-03-03', GONE],
      ['2026-03-02', EVE],
      ['2026-03-01', ADA],
    ]);
  });

  it('attendance is a file with times of the shop, in which no name is a formula or a header', async () => {
    const response = await rig.request('GET', '/v1/attendance.csv');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="attendance.csv"');
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toBe(
      [
        'Name,Date,Time,CustomerId,Store',
        `"Byron, ""Ada""",2026-03-01,23:30:05,${ADA},main`,
        `"'=HYPERLINK(""http://evil"",""x"")\r\nSet-Cookie: a=b",2026-03-02,23:30:05,${EVE},main`,
        `,2026-03-03,23:30:05,${GONE},harbour`,
        '',
      ].join('\r\n'),
    );
  });

  it('the file holds what was asked for', async () => {
    const response = await rig.request('GET', `/v1/attendance.csv?storeId=main&to=2026-03-01`);
    expect((await response.text()).split('\r\n')).toHaveLength(3);
    const nothing = await rig.request('GET', `/v1/attendance.csv?from=2027-01-01`);
    expect(await nothing.text()).toBe('Name,Date,Time,CustomerId,Store\r\n');
  });

  it('the file holds every line of a long time', async () => {
    const attendance = new AttendanceRepository(rig.store);
    for (let i = 0; i < 620; i++) {
      const day = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
      await attendance.record({ day, storeId: 'old', customerId: ADA, firstSeenAt: `${day}T10:00:00.000Z` });
    }
    const lines = (await (await rig.request('GET', '/v1/attendance.csv?storeId=old')).text()).split('\r\n');
    expect(lines).toHaveLength(620 + 2);
    expect(new Set(lines).size).toBe(620 + 2);
  });

  it('an unforeseen error tells nothing but the request id, under which the log has the rest', async () => {
    const documents = rig.store.collection<{ _id: string; customerId: string; day: number }>({
      name: 'attendance',
      indexes: [
        { name: 'day', fields: ['day'] },
        { name: 'store_day', fields: ['storeId', 'day'] },
        { name: 'customer_day', fields: ['customerId', 'day'] },
      ],
    });
    await documents.put({ _id: 'broken', customerId: idFrom('cus', 'broken'), day: 1 });
    const path = `/v1/attendance.csv?customerId=${idFrom('cus', 'broken')}`;
    const response = await rig.request('GET', path);
    const { code, fields, requestId } = ErrorBody.parse(await response.json()).error;
    expect([response.status, code, fields]).toEqual([500, 'INTERNAL', {}]);
    expect(rig.logLines.filter((line) => line.includes(requestId))).toHaveLength(1);
  });

  it('a count says between which numbers the true one lies, and when cameras were away', async () => {
    const changes = new CameraChangesRepository(rig.store);
    const told = (cameraId: string, state: 'live' | 'gone', time: string, fault: 'removed' | null = null) =>
      changes.enter({ storeId: 'main', cameraId, state, since: `2026-03-01T${time}.000Z`, fault });
    await told('door', 'live', '08:00:00');
    await told('door', 'gone', '09:10:00');
    await told('door', 'live', '09:20:00');
    await told('old', 'gone', '07:00:00', 'removed');
    const time = 'from=2026-03-01T09:00:00.000Z&to=2026-03-01T10:00:00.000Z';
    const answer = await rig.request('GET', `/v1/visit-count?${time}`);
    expect(VisitCountView.parse(await answer.json())).toEqual({
      storeId: 'main',
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-01T10:00:00.000Z',
      visits: 3,
      low: 3,
      high: 3,
      doubts: { doubled: 0, unjudged: 0, unseen: 0, joined: 0 },
      outages: [{ cameraId: 'door', from: '2026-03-01T09:10:00.000Z', to: '2026-03-01T09:20:00.000Z' }],
    });
    for (const wrong of [
      '',
      'from=2026-03-01T09:00:00.000Z&to=2026-03-01T08:00:00.000Z',
      'from=2026-01-01T00:00:00.000Z&to=2026-03-01T00:00:00.000Z',
    ]) {
      const refused = await rig.request('GET', `/v1/visit-count?${wrong}`);
      expect(ErrorBody.parse(await refused.json()).error.code).toBe('REQUEST_INVALID');
    }
  });
});
