import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveSource } from './sources.js';

const root = mkdtempSync(join(tmpdir(), 'regulars-sources-'));
const filesDir = join(root, 'videos');
const rules = { filesDir, allowLavfi: false };

beforeAll(() => {
  mkdirSync(join(filesDir, 'door'), { recursive: true });
  mkdirSync(join(root, 'videos-private'));
  writeFileSync(join(filesDir, 'door', 'a.mp4'), 'x');
  writeFileSync(join(root, 'secret.mp4'), 'x');
  writeFileSync(join(root, 'videos-private', 'b.mp4'), 'x');
  symlinkSync(join(root, 'secret.mp4'), join(filesDir, 'link.mp4'));
  symlinkSync(root, join(filesDir, 'up'));
  symlinkSync(join(filesDir, 'door', 'a.mp4'), join(filesDir, 'inner.mp4'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('resolveSource', () => {
  it('finds a file by its path in the folder, its whole path, or a link inside the folder', async () => {
    const file = { kind: 'file', path: join(filesDir, 'door', 'a.mp4') };
    expect(await resolveSource('door/a.mp4', rules)).toEqual(file);
    expect(await resolveSource(join(filesDir, 'door', 'a.mp4'), rules)).toEqual(file);
    expect(await resolveSource('inner.mp4', rules)).toEqual(file);
  });

  it.each(['link.mp4', 'up/secret.mp4', join(root, 'secret.mp4'), join(root, 'videos-private', 'b.mp4')])(
    'refuses %s, which lies elsewhere',
    async (source) => {
      await expect(resolveSource(source, rules)).rejects.toMatchObject({ code: 'CAMERA_SOURCE_REFUSED' });
    },
  );

  it('refuses a folder, the allowed one included, and anything when no folder is allowed', async () => {
    for (const source of ['door', '.', filesDir]) {
      await expect(resolveSource(source, rules)).rejects.toMatchObject({ code: 'CAMERA_SOURCE_REFUSED' });
    }
    const none = { filesDir: undefined, allowLavfi: false };
    await expect(resolveSource('door/a.mp4', none)).rejects.toMatchObject({ code: 'CAMERA_SOURCE_REFUSED' });
  });

  it('says that a file is not there', async () => {
    await expect(resolveSource('none.mp4', rules)).rejects.toMatchObject({ code: 'CAMERA_UNREACHABLE' });
  });

  it('passes addresses on as they are', async () => {
    expect(await resolveSource('rtsp://10.0.0.2/1', rules)).toEqual({
      kind: 'rtsp',
      url: 'rtsp://10.0.0.2/1',
    });
  });
});
