import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetError } from './dataset-error.js';
import { readDataset, type DatasetOptions } from './dataset.js';

const HEADER = 'Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF';
const FER = `${HEADER}
PublicTest,a.png,0,9,1,0,0,0,0,0,0,0
PublicTest,b.png,0,0,0,3,3,1,0,1,2,0
PublicTest,c.png,8,1,0,1,0,0,0,0,0,0
PublicTest,d.png,3,3,4,0,0,0,0,0,0,0
Training,e.png,0,10,0,0,0,0,0,0,0,0
`;

/** A tar archive of POSIX ustar. */
function tarOf(files: Readonly<Record<string, string>>): Buffer {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name);
    header.write('0000644\0', 100);
    header.write(`${Buffer.byteLength(text).toString(8).padStart(11, '0')}\0`, 124);
    header.write('ustar\0', 257);
    header.write('0', 156);
    header.write('        ', 148);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

describe('a data set of faces', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'regulars-faces-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (files: Readonly<Record<string, string | Buffer>>): void => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
  };
  const read = (options: Partial<DatasetOptions> = {}): ReturnType<typeof readDataset> =>
    readDataset({ data: join(folder, 'data'), labels: null, votes: 6, usage: 'PublicTest', ...options });
  const codeOf = async (options: Partial<DatasetOptions> = {}): Promise<string> => {
    try {
      await read(options);
    } catch (error) {
      if (error instanceof DatasetError) return error.code;
      throw error;
    }
    return 'none';
  };
  const labels = (): string => join(folder, 'labels.csv');

  it("takes FER+'s votes: the negative classes together, and no label without agreement", async () => {
    const pictures = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [`data/x/${name}.png`, name]),
    );
    write({ ...pictures, 'labels.csv': FER });
    const { pictures: found, unlabelled, absent } = await read({ labels: labels() });
    expect(found.map(({ name, truth }) => [name, truth])).toEqual([
      ['x/a.png', 'satisfied'],
      ['x/b.png', 'dissatisfied'],
      ['x/c.png', 'neutral'],
    ]);
    expect([unlabelled, absent]).toEqual([2, []]);
  });

  it('takes file,label,person and folders named after classes', async () => {
    write({
      'data/1.png': '1',
      'data/2.png': '2',
      'labels.csv': 'file,label,person\n1.png,Happy,Ann\n2.png,sad,\n9.png,sad,Bo',
    });
    const { pictures, absent } = await read({ labels: labels() });
    expect(pictures.map(({ truth, person }) => [truth, person])).toEqual([
      ['satisfied', 'Ann'],
      ['dissatisfied', null],
    ]);
    expect(absent).toEqual(['9.png']);
    rmSync(join(folder, 'data'), { recursive: true });
    write({ 'data/puas/1.png': '1', 'data/tidak_puas/2.png': '2' });
    expect((await read()).pictures.map(({ truth }) => truth)).toEqual(['satisfied', 'dissatisfied']);
  });

  it('reads an archive where it lies, compressed or not, long names too', async () => {
    const long = `${'deep/'.repeat(18)}a.png`;
    const tar = tarOf({ [long]: 'one', 'data/b.png': 'two', 'notes.txt': 'no picture' });
    write({ data: tar, 'labels.csv': FER });
    expect((await read({ labels: labels() })).pictures.map(({ name }) => name)).toEqual(['data/b.png', long]);
    write({ data: gzipSync(tar) });
    expect((await read({ labels: labels() })).pictures).toHaveLength(2);
  });

  it('says what is wrong before anything is begun', async () => {
    expect(await codeOf()).toBe('DATA_MISSING');
    mkdirSync(join(folder, 'data'));
    expect(await codeOf()).toBe('DATA_EMPTY');
    write({ 'data/elsewhere/1.png': '1' });
    expect(await codeOf()).toBe('LABELS_MISSING');
    expect(await codeOf({ labels: labels() })).toBe('LABELS_MISSING');
    write({ 'labels.csv': FER });
    expect(await codeOf({ labels: labels() })).toBe('PICTURES_MISSING');
    write({ 'data/a.png': '1' });
    expect(await codeOf({ labels: labels() })).toBe('ONE_CLASS');
    expect(await codeOf({ labels: labels(), usage: 'Private' })).toBe('LABELS_INVALID');
    for (const text of [
      '',
      'name,mood\n1,2',
      'file,label\n1.png,bored',
      'file,label\n,sad',
      `${HEADER}\nPublicTest,a.png,x,y`,
    ]) {
      write({ 'labels.csv': text });
      expect(await codeOf({ labels: labels() })).toBe('LABELS_INVALID');
    }
  });

  it('refuses a damaged archive: cut short, no archive, a wrong checksum', async () => {
    const tar = tarOf({ 'a.png': 'x'.repeat(5_000), 'b.png': 'two' });
    const damaged = Buffer.from(tar);
    damaged.write('zzz', 0);
    write({ 'labels.csv': FER });
    for (const bytes of [
      tar.subarray(0, 2_000),
      gzipSync(tar).subarray(0, 60),
      Buffer.from('hello'.repeat(300)),
      damaged,
    ]) {
      write({ data: bytes });
      expect(await codeOf({ labels: labels() })).toBe('ARCHIVE_CORRUPT');
    }
  });
});
