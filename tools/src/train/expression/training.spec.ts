import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import type { RgbImage } from '@regulars/vision';
import { randomOf } from '@regulars/contracts/random';
import { DatasetError } from '../../faces-data/dataset-error.js';
import type { Dataset, LabelledPicture } from '../../faces-data/dataset.js';
import { auditDataset } from './audit.js';
import { stepsOf } from './better-recipe.js';
import { augmented } from './augment.js';
import { trainExpression } from './expression.js';
import { groupsOf } from './near-duplicates.js';
import { splitGroups } from './split.js';

/** A picture of random patches: every seed another. */
function patches(seed: number, sidePx = 48): RgbImage {
  const random = randomOf(seed);
  const levels = Array.from({ length: 36 }, () => Math.floor(random() * 256));
  const data = new Uint8Array(sidePx * sidePx * 3);
  for (let i = 0; i < sidePx * sidePx; i += 1) {
    const [x, y] = [i % sidePx, Math.floor(i / sidePx)];
    const patch = Math.floor((y * 6) / sidePx) * 6 + Math.floor((x * 6) / sidePx);
    data.fill(levels[patch] ?? 0, i * 3, i * 3 + 3);
  }
  return { data, widthPx: sidePx, heightPx: sidePx };
}

function turned(picture: RgbImage): RgbImage {
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < picture.widthPx * picture.heightPx; i += 1) {
    const x = i % picture.widthPx;
    const from = (i - x + picture.widthPx - 1 - x) * 3;
    data.set(picture.data.subarray(from, from + 3), i * 3);
  }
  return { ...picture, data };
}

const png = async ({ data, widthPx, heightPx }: RgbImage): Promise<Uint8Array> =>
  sharp(data, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .png()
    .toBuffer();

describe('near-duplicates', () => {
  it('are found lighter and mirrored, and other pictures are not', () => {
    const [one, other] = [patches(1), patches(2)];
    const lighter = { ...one, data: one.data.map((level) => Math.min(255, level * 0.8 + 20)) };
    const groups = groupsOf([one, other, turned(one), lighter], [null, null, null, null]);
    expect(groups[2]).toBe(groups[0]);
    expect(groups[3]).toBe(groups[0]);
    expect(groups[1]).not.toBe(groups[0]);
  });

  it('and pictures of one person belong together', () => {
    expect([...groupsOf([patches(1), patches(2), patches(3)], ['Ann', 'Bo', 'Ann'])]).toEqual([0, 1, 0]);
  });
});

describe('the split', () => {
  it('keeps groups on one side and divides both classes in the shares of the paper', () => {
    const groups = Int32Array.from({ length: 400 }, (_, i) => i - (i % 3));
    const satisfied = Array.from(groups, (group) => group % 2 === 0);
    const sides = splitGroups(groups, satisfied, 5);
    groups.forEach((group, index) => expect(sides[index]).toBe(sides[group]));
    for (const wanted of [true, false]) {
      const own = sides.filter((_, index) => satisfied[index] === wanted);
      for (const side of ['test', 'validation']) {
        const share = own.filter((one) => one === side).length / own.length;
        expect(share).toBeGreaterThan(0.08);
        expect(share).toBeLessThan(0.14);
      }
    }
    expect(splitGroups(groups, satisfied, 5)).toEqual(sides);
    expect(splitGroups(groups, satisfied, 6)).not.toEqual(sides);
  });
});

describe('augmentation', () => {
  it('stays within what the paper names and follows from the seed', () => {
    const [a, b] = [augmented(patches(1), 96, randomOf(3)), augmented(patches(1), 96, randomOf(3))];
    expect(a.data).toEqual(b.data);
    expect(augmented(patches(1), 96, randomOf(4)).data).not.toEqual(a.data);
    const even = { widthPx: 48, heightPx: 48, data: new Uint8Array(48 * 48 * 3).fill(100) };
    for (let seed = 1; seed < 20; seed += 1) {
      const [level = 0] = augmented(even, 96, randomOf(seed)).data;
      expect(level).toBeGreaterThanOrEqual(80);
      expect(level).toBeLessThanOrEqual(120);
    }
  });
});

describe('the audit', () => {
  const dataset = (pictures: LabelledPicture[]): Dataset => ({ pictures, unlabelled: 0, absent: [] });
  const labelled = async (
    index: number,
    picture: RgbImage,
    truth: 'satisfied' | 'dissatisfied',
  ): Promise<LabelledPicture> => ({
    name: `${index}.png`,
    truth,
    person: null,
    bytes: await png(picture),
  });

  it('leaves out copies, contradictions, tiny, blank and unreadable pictures, and says which', async () => {
    const good = await Promise.all(
      Array.from({ length: 24 }, (_, i) => labelled(i, patches(i + 1), i % 2 ? 'satisfied' : 'dissatisfied')),
    );
    const blank = { widthPx: 48, heightPx: 48, data: new Uint8Array(48 * 48 * 3).fill(90) };
    const { audit, examples } = await auditDataset(
      dataset([
        ...good,
        await labelled(30, patches(2), 'satisfied'),
        await labelled(31, patches(3), 'satisfied'),
        await labelled(32, patches(40, 1), 'satisfied'),
        await labelled(33, blank, 'satisfied'),
        { name: 'broken.png', truth: 'satisfied', person: null, bytes: new Uint8Array([1, 2, 3]) },
      ]),
    );
    expect(audit.copies).toEqual(['30.png']);
    expect(audit.contradictions).toEqual(['2.png', '31.png']);
    expect([audit.tiny, audit.blank, audit.unreadable]).toEqual([['32.png'], ['33.png'], ['broken.png']]);
    expect(examples).toHaveLength(23);
  });

  it('refuses what is too little, such as one picture of one pixel a class', async () => {
    const pictures = [
      await labelled(1, patches(1, 1), 'satisfied'),
      await labelled(2, patches(2, 1), 'dissatisfied'),
    ];
    await expect(auditDataset(dataset(pictures))).rejects.toMatchObject({ code: 'TOO_FEW' });
  });
});

describe('the better recipe', () => {
  const training = {
    data: 'a.tar.gz',
    labels: 'votes.csv',
    votes: 6,
    usage: null,
    outDir: '/out',
    python: 'python3',
  };
  const after = (args: readonly string[], name: string): string[] =>
    args.flatMap((arg, index) => (args[index - 1] === name ? [arg] : []));

  it('makes everything that a step reads in a step before it', () => {
    const made = new Set<string>(['/out/ferplus.npz']);
    const steps = stepsOf({ ...training, seed: 1, limit: null });
    for (const { script, args } of steps) {
      const [writes, reads] = FILES[script] ?? [[], []];
      for (const path of reads.flatMap((name) => after(args, name)).filter((path) => path.startsWith('/out')))
        expect(made, script).toContain(path);
      for (const path of writes.flatMap((name) => after(args, name)))
        for (const file of ['', '/teacher.ts', '/checkpoint.pt']) made.add(`${path}${file}`);
    }
    expect(steps.flatMap(({ args }) => after(args, '--seed'))).toEqual(['1', '2', '11', '23', '31', '32']);
  });

  it('goes the same way with a limit, an epoch each', () => {
    const [whole, short] = [null, 64].map((limit) => stepsOf({ ...training, seed: 1, limit }));
    expect(short?.map(({ script }) => script)).toEqual(whole?.map(({ script }) => script));
    expect(short?.flatMap(({ args }) => after(args, '--epochs'))).toEqual(['1', '1']);
    expect(short?.flatMap(({ args }) => after(args, '--plan'))).toEqual(Array(4).fill('80x1'));
    expect(whole?.flatMap(({ args }) => after(args, '--limit'))).toEqual([]);
  });
});

/** What the scripts write and read, by option. */
const FILES: Readonly<Record<string, readonly [readonly string[], readonly string[]]>> = {
  'teach.py': [['--out'], ['--from', '--teacher']],
  'unfold.py': [
    ['--checkpoint', '--teacher'],
    ['--pictures', '--weights'],
  ],
  'train.py': [['--out'], ['--from', '--teacher']],
  'soup.py': [['--out'], ['--checkpoint', '--pictures']],
  'export.py': [['--weights'], ['--checkpoint', '--face']],
  'choose.py': [[], ['--weights', '--pictures']],
};

describe('the command', () => {
  const run = (...args: string[]): Promise<void> =>
    trainExpression(['--data', '/nowhere', '--out', '/tmp/x', ...args]);

  it('refuses a report inside the checkout, absent data, and a Python without PyTorch', async () => {
    await expect(run('--out', 'report')).rejects.toMatchObject({ code: 'OUT_INSIDE' });
    await expect(run()).rejects.toMatchObject({ code: 'DATA_MISSING' });
    await expect(run('--recipe', 'better')).rejects.toMatchObject({ code: 'LABELS_MISSING' });
    await expect(run('--recipe', 'worse')).rejects.toThrow(/usage/);
    await expect(run()).rejects.toBeInstanceOf(DatasetError);
  });
});
