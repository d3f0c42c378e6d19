import {
  type CamerasChanged,
  CameraStatus,
  CameraView,
  ErrorBody,
  FrameCaptured,
  pageOf,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { CamerasRepository, Keyring, loadOrCreateMasterKey } from '@regulars/persistence';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRig, type Rig } from '../testing/rig.js';

const DOOR = { cameraId: 'door', name: 'Door', source: 'rtsp://admin:s3cret@10.0.0.7/stream?token=abc' };

describe('cameras over HTTP', () => {
  let rig: Rig;
  const changes: CamerasChanged[] = [];
  beforeAll(async () => {
    rig = await startRig();
    await rig.broker.subscribe('capture.cameras', (delivery) => {
      changes.push(delivery.payload as CamerasChanged);
      return Promise.resolve({ kind: 'done' });
    });
  });
  afterAll(() => rig.close());

  const errorOf = async (response: Response) => ErrorBody.parse(await response.json()).error;
  const changed = (cameraId: string) =>
    changes.filter((change) => change.cameraId === cameraId).map(({ change }) => change);

  it('are added with defaults, without ever giving the credentials back', async () => {
    const response = await rig.request('POST', '/v1/cameras', { json: DOOR });
    expect(response.status).toBe(201);
    const text = await response.text();
    expect(text).not.toMatch(/s3cret|admin|abc/);
    expect(CameraView.parse(JSON.parse(text))).toMatchObject({
      cameraId: 'door',
      storeId: 'main',
      mode: 'members',
      fps: 5,
      maxWidthPx: 1280,
      stallMs: 10_000,
      tillId: null,
      status: { state: 'connecting', fault: null },
    });
    const list = await (await rig.request('GET', '/v1/cameras')).text();
    expect(list).not.toMatch(/s3cret|admin|abc/);
    expect(rig.logLines.join('')).not.toMatch(/s3cret/);
    await vi.waitFor(() => expect(changed('door')).toEqual(['added']));
  });

  it('are known by their id once', async () => {
    await rig.request('POST', '/v1/cameras', { json: { ...DOOR, cameraId: 'twice' } });
    const again = await rig.request('POST', '/v1/cameras', { json: { ...DOOR, cameraId: 'twice' } });
    expect([again.status, (await errorOf(again)).code]).toEqual([409, 'CAMERA_EXISTS']);
  });

  it('are changed field by field: what is left out stays', async () => {
    const camera = { ...DOOR, cameraId: 'till', storeId: 'harbour', mode: 'count', fps: 2 };
    await rig.request('POST', '/v1/cameras', { json: camera });
    const response = await rig.request('PATCH', '/v1/cameras/till', { json: { name: 'Till' } });
    const view = CameraView.parse(await response.json());
    expect([view.name, view.storeId, view.mode, view.fps]).toEqual(['Till', 'harbour', 'count', 2]);
    await vi.waitFor(() => expect(changed('till')).toEqual(['added', 'changed']));
    const cameras = new CamerasRepository(
      rig.store,
      new Keyring(rig.store, loadOrCreateMasterKey(rig.dataDir)),
    );
    const configuration = (await cameras.configurations()).find(({ cameraId }) => cameraId === 'till');
    expect(configuration?.source).toBe(DOOR.source);
  });

  it('are listed in full and removed', async () => {
    await rig.request('POST', '/v1/cameras', { json: { ...DOOR, cameraId: 'old' } });
    expect((await rig.request('DELETE', '/v1/cameras/old')).status).toBe(204);
    await vi.waitFor(() => expect(changed('old')).toEqual(['added', 'removed']));
    const { items } = pageOf(CameraView).parse(await (await rig.request('GET', '/v1/cameras')).json());
    expect(items.map(({ cameraId }) => cameraId)).not.toContain('old');
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const gone = await rig.request(method, '/v1/cameras/old', method === 'PATCH' ? { json: {} } : {});
      expect([method, gone.status, (await errorOf(gone)).code]).toEqual([method, 404, 'CAMERA_NOT_FOUND']);
    }
  });

  it('show the state that capture noted', async () => {
    await rig.request('POST', '/v1/cameras', { json: { ...DOOR, cameraId: 'gone' } });
    const cameras = new CamerasRepository(
      rig.store,
      new Keyring(rig.store, loadOrCreateMasterKey(rig.dataDir)),
    );
    const since = new Date(Date.now() + 1_000).toISOString();
    const fault = 'CAMERA_UNAUTHORISED';
    await cameras.recordStatus({ ...CameraStatus.example, cameraId: 'gone', state: 'gone', fault, since });
    const view = CameraView.parse(await (await rig.request('GET', '/v1/cameras/gone')).json());
    expect(view.status).toMatchObject({ state: 'gone', fault, since });
  });

  it.each([
    ['http://10.0.0.7/video.mjpg', 'is of a kind'],
    ['concat:/etc/passwd', 'is of a kind'],
    ['lavfi:testsrc', 'is a test picture'],
    ['../../etc/passwd', 'leads out of its folder'],
    ['clips/a.mp4', 'is a file, but CAPTURE_FILES_DIR is not set'],
    ['-i /etc/passwd', 'is no path of a file'],
  ])('refuse the source %s', async (source, reason) => {
    for (const [method, path, json] of [
      ['POST', '/v1/cameras', { ...DOOR, cameraId: 'bad', source }],
      ['PATCH', '/v1/cameras/door', { source }],
    ] as const) {
      const error = await errorOf(await rig.request(method, path, { json }));
      expect(error.code).toBe('CAMERA_SOURCE_REFUSED');
      expect(error.fields['source']).toContain(reason);
    }
  });

  it('have a newest picture once a frame came', async () => {
    const path = '/v1/cameras/door/picture.jpg';
    expect((await errorOf(await rig.request('GET', path))).code).toBe('PICTURE_NOT_FOUND');
    const nobody = await rig.request('GET', '/v1/cameras/nobody/picture.jpg');
    expect((await errorOf(nobody)).code).toBe('CAMERA_NOT_FOUND');
    const body = new Uint8Array([0xff, 0xd8, 1, 2, 3]);
    for (const sequence of [1, 2]) {
      const payload = { ...FrameCaptured.example, cameraId: 'door', frameId: `door-${sequence}`, sequence };
      const jpeg = body.map((byte) => byte * sequence);
      rig.broker.publishNewest({
        eventId: newId('evt'),
        key: FrameCaptured.key,
        producer: 'capture',
        happenedAt: payload.capturedAt,
        payload,
        body: jpeg,
      });
      await vi.waitFor(async () => {
        const picture = await rig.request('GET', path);
        expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
        expect(new Uint8Array(await picture.arrayBuffer())).toEqual(jpeg);
      });
    }
  });
});
