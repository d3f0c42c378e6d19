import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { NewCamera } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCameras, demoFolder, folderOfFiles, givenCameras } from './cameras.js';

let root: string;
const file = (...parts: string[]) => {
  const path = join(root, ...parts);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  return path;
};
const folderOf = (...sources: string[]) => folderOfFiles(givenCameras(sources));

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'regulars-cameras-')));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the cameras of --camera', () => {
  it('have an id and a name by their place, and are cameras that the API takes', () => {
    const cameras = givenCameras(['rtsp://192.0.2.10/1', '0']);
    expect(cameras).toEqual([
      { cameraId: 'camera-1', name: 'Camera 1', source: 'rtsp://192.0.2.10/1' },
      { cameraId: 'camera-2', name: 'Camera 2', source: '0' },
    ]);
    for (const camera of cameras) expect(NewCamera.safeParse(camera).success).toBe(true);
  });

  it('are the files themselves, wherever npm start was called and whatever links lead there', () => {
    const path = file('real', 'a.mp4');
    symlinkSync(path, join(root, 'link.mp4'));
    expect(givenCameras([join(root, 'link.mp4')])[0]?.source).toBe(path);
    expect(givenCameras([relative(process.cwd(), path)])[0]?.source).toBe(path);
  });

  it('keep what is no file as it is', () => {
    for (const source of ['0', '/dev/video0', 'rtsp://192.0.2.10/1', 'missing.mp4'])
      expect(givenCameras([source])[0]?.source).toBe(source);
  });
});

describe('the folder of files', () => {
  it('is that of a single file', () => {
    expect(folderOf(file('one', 'a.mp4'))).toBe(join(root, 'one'));
  });

  it('is the deepest that holds them all', () => {
    const [a, b, c] = [file('shop', 'door', 'a.mp4'), file('shop', 'till', 'b.mp4'), file('shop', 'c.mp4')];
    expect(folderOf(a, b)).toBe(join(root, 'shop'));
    expect(folderOf(a, b, c)).toBe(join(root, 'shop'));
    expect(folderOf(a, '0', 'rtsp://192.0.2.10/1')).toBe(join(root, 'shop', 'door'));
  });

  it('does not take a folder for another whose name begins alike', () => {
    expect(folderOf(file('door', 'a.mp4'), file('door-two', 'b.mp4'))).toBe(root);
  });

  it('does not join folders whose names are alike further down only', () => {
    expect(folderOf(file('left', 'clips', 'a.mp4'), file('right', 'clips', 'b.mp4'))).toBe(root);
  });

  it('is the root when nothing else holds them', () => {
    expect(folderOfFiles([{ cameraId: 'a', name: 'A', source: sep }])).toBe(sep);
  });

  it('is none without a file', () => {
    expect(folderOf('0', 'rtsp://192.0.2.10/1', '/dev/null')).toBeUndefined();
  });
});

describe('the demo', () => {
  it('has two cameras whose films are in its folder', () => {
    expect(demoCameras().map(({ cameraId }) => cameraId)).toEqual(['entrance', 'counter']);
    expect(folderOfFiles(demoCameras())).toBe(demoFolder());
  });
});
