import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { type CameraSourceSpec, parseCameraSource, RegularsError } from '@regulars/contracts';

export interface SourceRules {
  /** Folder below which files may be cameras; undefined: none may. */
  readonly filesDir: string | undefined;
  readonly allowLavfi: boolean;
}

/** Reads a camera's source and finds out where a file really lies.
 *  @returns the source; a file with the absolute path that all links lead to
 *  @throws RegularsError CAMERA_SOURCE_REFUSED; CAMERA_UNREACHABLE when there is no such file */
export async function resolveSource(source: string, rules: SourceRules): Promise<CameraSourceSpec> {
  const spec = parseCameraSource(source, rules);
  return spec.kind === 'file' ? { kind: 'file', path: await resolveFile(spec.path, rules.filesDir) } : spec;
}

async function resolveFile(path: string, filesDir: string | undefined): Promise<string> {
  if (filesDir === undefined) {
    throw new RegularsError('CAMERA_SOURCE_REFUSED', {
      source: 'is a file, and CAPTURE_FILES_DIR is not set',
    });
  }
  const folder = await existing(filesDir);
  const file = await existing(resolve(folder, path));
  const below = relative(folder, file);
  if (below === '' || below.startsWith('..') || isAbsolute(below)) {
    throw new RegularsError('CAMERA_SOURCE_REFUSED', { source: 'does not lie below CAPTURE_FILES_DIR' });
  }
  if (!(await stat(file)).isFile()) {
    throw new RegularsError('CAMERA_SOURCE_REFUSED', { source: 'is no plain file' });
  }
  return file;
}

async function existing(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw new RegularsError('CAMERA_UNREACHABLE', { source: 'there is no such file' }, { cause: error });
  }
}
