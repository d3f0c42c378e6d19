import {
  CamerasChanged,
  CameraStatus,
  type EventDefinition,
  FacesTracked,
  FrameCaptured,
  type Identity,
  LiveEvent,
  LivePicture,
  SightingIdentified,
  SightingStarted,
  VisitStarted,
} from '@regulars/contracts';
import { idFrom, newId } from '@regulars/contracts/ids';
import { CustomersRepository } from '@regulars/persistence';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connected, openPage, type Page, startRig, type Rig } from '../testing/rig.js';

const ADA = idFrom('cus', 'ada');
const IDENTIFIED: Identity = {
  kind: 'identified',
  customerId: ADA,
  distance: 0.4,
  margin: 0.2,
  votes: 3,
  model: 'm',
};
const JPEG = new Uint8Array([0xff, 0xd8, 42]);

describe('the live socket', () => {
  let rig: Rig;
  const pages: Page[] = [];
  beforeAll(async () => {
    rig = await startRig();
    const at = new Date().toISOString();
    await new CustomersRepository(rig.store).create(ADA, { displayName: 'Ada Byron' }, at);
  });
  afterEach(() => {
    for (const { socket } of pages.splice(0)) socket.disconnect();
  });
  afterAll(() => rig.close());

  const open = async (auth: Record<string, unknown> = {}) => {
    const page = openPage(rig.gateway.address, { token: rig.token, ...auth });
    pages.push(page);
    await connected(page);
    return page;
  };
  const message = (event: EventDefinition, payload: Record<string, unknown>, body?: Uint8Array) => ({
    eventId: newId('evt'),
    key: event.key,
    producer: event.publishedBy[0] ?? 'gateway',
    happenedAt: String(payload[event.happenedAt]),
    payload,
    ...(body === undefined ? {} : { body }),
  });
  const publish = (event: unknown, change: Record<string, unknown> = {}) => {
    const definition = event as EventDefinition;
    return rig.broker.publish(message(definition, { ...definition.example, ...change }));
  };
  const kinds = ({ events }: Page) => events.map(({ payload }) => payload.kind);

  it.each([
    ['no token', {}, 'TOKEN_MISSING', {}],
    ['a wrong token', { token: 'rgl_guess' }, 'TOKEN_UNKNOWN', {}],
    ['a token that is no text', { token: { $ne: '' } }, 'TOKEN_MISSING', {}],
    ['an unknown field', { role: 'owner' }, 'REQUEST_INVALID', { role: 'unknown field' }],
    ['a store that is none', { storeId: '../' }, 'REQUEST_INVALID', { storeId: expect.any(String) }],
    ['a position that is none', { since: 7 }, 'REQUEST_INVALID', { since: expect.any(String) }],
  ])('refuses a handshake with %s', async (_, auth, code, fields) => {
    const withToken = code === 'REQUEST_INVALID' ? { token: rig.token, ...auth } : auth;
    const page = openPage(rig.gateway.address, withToken);
    pages.push(page);
    const refusal = await connected(page).then(
      () => null,
      (error: Error & { data: unknown }) => error,
    );
    expect(refusal?.message).toBe(code);
    expect(refusal?.data).toMatchObject({ code, fields, remedy: expect.any(String) });
  });

  it('tells what happens with the names of customers, numbered, to the pages of the store', async () => {
    const page = await open();
    const elsewhere = await open({ storeId: 'harbour' });
    const visitor = { kind: 'customer', customerId: ADA };
    await publish(SightingStarted);
    await publish(SightingIdentified, { identity: IDENTIFIED });
    await publish(VisitStarted, { visitor });
    await publish(CamerasChanged);
    await vi.waitFor(() => expect(page.events).toHaveLength(4));
    const events = page.events.map((event) => LiveEvent.parse(event));
    expect(kinds(page)).toEqual(['sighting-started', 'sighting-identified', 'visit-started', 'cameras']);
    const who = { kind: 'customer', customerId: ADA, displayName: 'Ada Byron' };
    expect(events[1]?.payload).toMatchObject({ who });
    expect(events[2]?.payload).toMatchObject({ who });
    const first = events[0]?.sequence ?? 0;
    expect(events.map(({ sequence }) => sequence - first)).toEqual([0, 1, 2, 3]);
    await vi.waitFor(() => expect(kinds(elsewhere)).toEqual(['cameras']));
    const text = await rig.metrics.text();
    expect(text).toMatch(/regulars_live_delay_seconds_count\{kind="sighting-identified"[^}]*\} [1-9]/);
    expect(text).toMatch(/regulars_live_events_total\{kind="visit-started"[^}]*\} [1-9]/);
    expect(text).toMatch(/regulars_live_clients\{[^}]*\} 2/);
  });

  it('keeps the order of events that are heard at once', async () => {
    const page = await open();
    const states = Array.from({ length: 50 }, (_, i) => `cam-${i}`);
    await Promise.all(states.map((cameraId) => publish(CameraStatus, { cameraId })));
    await vi.waitFor(() => expect(page.events).toHaveLength(50));
    expect(page.events.map(({ payload }) => payload.kind === 'camera' && payload.cameraId)).toEqual(states);
  });

  it('gives a page that comes back what it missed, in order and once', async () => {
    const page = await open();
    await publish(CameraStatus, { cameraId: 'before' });
    await vi.waitFor(() => expect(page.events).toHaveLength(1));
    page.socket.disconnect();
    for (const cameraId of ['one', 'two']) await publish(CameraStatus, { cameraId });
    await publish(CameraStatus, { cameraId: 'other', storeId: 'harbour' });
    const witness = await open({ storeId: 'harbour' });
    await publish(CameraStatus, { cameraId: 'last', storeId: 'harbour' });
    await vi.waitFor(() => expect(witness.events).toHaveLength(1));
    const { epoch, sequence } = page.events[0] ?? { epoch: '', sequence: 0 };
    const back = await open({ since: { epoch, sequence } });
    await publish(CameraStatus, { cameraId: 'after' });
    await vi.waitFor(() => expect(back.events.length).toBeGreaterThanOrEqual(3));
    const cameras = back.events.map(({ payload }) => payload.kind === 'camera' && payload.cameraId);
    expect(cameras).toEqual(['one', 'two', 'after']);
    expect(back.resets).toEqual([]);
  });

  it('tells a page to load anew when it does not know what it missed', async () => {
    const since = { epoch: 'evt_of_another_run', sequence: 3 };
    const page = await open({ since });
    await vi.waitFor(() => expect(page.resets).toHaveLength(1));
    expect(page.resets[0]).toEqual({ epoch: expect.any(String), sequence: expect.any(Number) });
    expect(page.events).toEqual([]);
    const again = await open({ since: page.resets[0] });
    await publish(CameraStatus);
    await vi.waitFor(() => expect(again.events).toHaveLength(1));
    expect(again.resets).toEqual([]);
  });

  it("shows a new name at once, and an erased customer's name no more, not even of what is past", async () => {
    const page = await open();
    const visitor = { kind: 'customer', customerId: ADA };
    const namesOf = ({ events }: Page) =>
      events.flatMap(({ payload }) =>
        'who' in payload && payload.who.kind === 'customer' ? [payload.who.displayName] : [],
      );
    await publish(VisitStarted, { visitor });
    await rig.request('PATCH', `/v1/customers/${ADA}`, { json: { displayName: 'Ada Lovelace' } });
    await vi.waitFor(() => expect(kinds(page)).toContain('customer'));
    await publish(VisitStarted, { visitor });
    await vi.waitFor(() => expect(namesOf(page)).toEqual(['Ada Byron', 'Ada Lovelace']));
    await rig.request('DELETE', `/v1/customers/${ADA}`);
    await vi.waitFor(() =>
      expect(page.events.at(-1)?.payload).toEqual({ kind: 'customer', customerId: ADA, change: 'erased' }),
    );
    const first = page.events[0];
    const since = { epoch: first?.epoch, sequence: (first?.sequence ?? 1) - 1 };
    const late = await open({ since });
    await vi.waitFor(() => expect(late.events).toHaveLength(page.events.length));
    expect(new Set(namesOf(late))).toEqual(new Set(['Customer without a name']));
  });

  describe('pictures', () => {
    const frame = (cameraId: string, sequence: number, atMs = Date.now()) => {
      const capturedAt = new Date(atMs).toISOString();
      const frameId = `${cameraId}-${sequence}`;
      const payload = { ...FrameCaptured.example, cameraId, frameId, sequence, capturedAt };
      rig.broker.publishNewest(message(FrameCaptured as unknown as EventDefinition, payload, JPEG));
    };
    const boxes = (cameraId: string, sequence: number, identity: Identity = { kind: 'undecided' }) => {
      const face = FacesTracked.example.faces[0];
      const faces = face === undefined ? [] : [{ ...face, identity }];
      const payload = { ...FacesTracked.example, cameraId, frameId: `${cameraId}-${sequence}`, faces };
      rig.broker.publishNewest(message(FacesTracked as unknown as EventDefinition, payload));
    };
    const watch = ({ socket }: Page, cameras: unknown) => socket.timeout(2_000).emitWithAck('watch', cameras);

    it('go with their boxes to the pages that watch the camera, to no others', async () => {
      const watching = await open();
      const other = await open();
      expect(await watch(watching, ['door'])).toEqual({ watching: ['door'] });
      expect(await watch(other, ['till'])).toEqual({ watching: ['till'] });
      frame('door', 1);
      boxes('door', 1, { kind: 'stranger', votes: 3, model: 'm' });
      await vi.waitFor(() => expect(watching.pictures).toHaveLength(1));
      const [shown] = watching.pictures;
      const picture = LivePicture.parse(shown?.picture);
      expect([picture.cameraId, picture.frameId]).toEqual(['door', 'door-1']);
      expect(picture.faces).toMatchObject([{ who: { kind: 'stranger' } }]);
      expect(new Uint8Array(shown?.jpeg ?? [])).toEqual(JPEG);
      frame('till', 1);
      boxes('till', 1);
      await vi.waitFor(() =>
        expect(other.pictures.map(({ picture: { cameraId } }) => cameraId)).toEqual(['till']),
      );
      expect(watching.pictures).toHaveLength(1);
    });

    it('come without boxes when recognition says nothing', async () => {
      const page = await open();
      await watch(page, ['silent']);
      frame('silent', 1);
      await vi.waitFor(() => expect(page.pictures).toHaveLength(1), { timeout: 2_000 });
      expect(page.pictures[0]?.picture.faces).toEqual([]);
    });

    it('stop when the page watches something else, or nothing', async () => {
      const page = await open();
      await watch(page, ['first', 'second']);
      expect(await watch(page, ['second'])).toEqual({ watching: ['second'] });
      for (const cameraId of ['first', 'second']) {
        frame(cameraId, 1);
        boxes(cameraId, 1);
      }
      await vi.waitFor(() => expect(page.pictures).toHaveLength(1));
      expect(page.pictures[0]?.picture.cameraId).toBe('second');
      expect(await watch(page, [])).toEqual({ watching: [] });
    });

    it.each([
      ['no list', 'door'],
      ['nothing', undefined],
      ['a name that is none', ['../door']],
      ['too many', Array.from({ length: 17 }, (_, i) => `cam-${i}`)],
    ])('of %s are refused with the reason', async (_, cameras) => {
      const page = await open();
      expect(await watch(page, cameras)).toMatchObject({ error: { code: 'REQUEST_INVALID' } });
      expect(page.socket.connected).toBe(true);
    });
  });

  it('ends when the gateway stops, and the gateway stops although pages are connected', async () => {
    const own = await startRig();
    const page = own.page();
    await connected(page);
    const disconnected = new Promise((resolve) => page.socket.once('disconnect', resolve));
    await own.gateway.stop();
    expect(await disconnected).toMatch(/server|transport/);
    await own.close();
  });
});
