import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ErrorBody } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendRaw } from '../testing/raw-request.js';
import { startRig, type Rig } from '../testing/rig.js';

const MB = 1024 * 1024;
const CUSTOMER = '/v1/customers/cus_4f2k9s7d1m3q8w6e0h5t';

/** Bytes in buffers that something still refers to. */
function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

describe('large uploads', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it('an upload of 50 MB in one file gets 413 and is not held in memory', async () => {
    const head = Buffer.from(
      '--x\r\nContent-Disposition: form-data; name="photographs"; filename="a.jpg"\r\n\r\n',
    );
    const chunk = new Uint8Array(64 * 1024);
    const tail = Buffer.from('\r\n--x--\r\n');
    let held = Infinity;
    const before = bytesHeld();
    function* body() {
      yield head;
      for (let sent = 0; sent < 50 * MB; sent += chunk.byteLength) {
        yield chunk;
      }
      held = bytesHeld() - before;
      yield tail;
    }
    const headers = {
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': head.byteLength + 50 * MB + tail.byteLength,
    };
    const path = `${CUSTOMER}/photographs`;
    const answer = await sendRaw(rig, { method: 'POST', path, headers }, body());
    expect(answer.status).toBe(413);
    expect(ErrorBody.parse(JSON.parse(answer.body)).error).toMatchObject({
      code: 'REQUEST_TOO_LARGE',
      fields: { field: 'photographs' },
    });
    // The 10 MB that are allowed, and the copy that puts their pieces together.
    expect(held).toBeLessThan(30 * MB);
  });

  it('an upload that says it is above 100 MB gets 413 before any of it is sent', async () => {
    const headers = {
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': 500 * MB,
      'expect-nothing': 1,
    };
    const answer = await sendRaw(rig, { method: 'POST', path: `${CUSTOMER}/photographs`, headers }, [
      Buffer.from('--x\r\n'),
    ]);
    expect([answer.status, answer.headers.connection]).toEqual([413, 'close']);
  });
});
