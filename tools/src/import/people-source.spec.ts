import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { peopleOfCsv, peopleOfFolder } from './people-source.js';

const root = mkdtempSync(join(tmpdir(), 'regulars-people-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder: string;
let runs = 0;
beforeEach(() => {
  folder = join(root, String(runs++));
  mkdirSync(folder);
});
const put = (...paths: string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'picture');
  }
};
const csv = (...lines: string[]) => {
  const path = join(folder, 'people.csv');
  writeFileSync(path, lines.join('\n'));
  return path;
};
const CONSENT = { textVersion: '2026-01', givenAt: '2026-03-01T00:00:00.000Z' };

describe('people of a folder', () => {
  it('have a folder each', async () => {
    put('Ada_Byron/1.jpg', 'Ada_Byron/2.PNG', 'Ada_Byron/notes.txt', '0815 Bob/x.webp', '.git/y.jpg');
    expect(await peopleOfFolder(folder, CONSENT)).toEqual([
      { person: { externalId: '0815', displayName: 'Bob', consent: CONSENT }, files: ['0815 Bob/x.webp'] },
      {
        person: { externalId: 'Ada_Byron', displayName: 'Ada Byron', consent: CONSENT },
        files: ['Ada_Byron/1.jpg', 'Ada_Byron/2.PNG'],
      },
    ]);
  });

  it('are named by number and name in a flat folder, several pictures counted', async () => {
    put(
      '0123456789 Ada Byron.jpg',
      '0123456789 Ada Byron (2).jpg',
      '+49-30-1815 Zoë.jpg',
      'Eve_0001.jpg',
      'Eve_0002.jpg',
    );
    const found = await peopleOfFolder(folder);
    expect(found.map(({ person, files }) => [person.externalId, person.displayName, files.length])).toEqual([
      ['+49-30-1815', 'Zoë', 1],
      ['0123456789', 'Ada Byron', 2],
      ['Eve', 'Eve', 2],
    ]);
    expect(found[0]?.person).not.toHaveProperty('consent');
  });

  it('are refused where one number has two names, or where there are none', async () => {
    put('0815 Ada.jpg', '0815 Bob.jpg');
    await expect(peopleOfFolder(folder)).rejects.toThrow(/0815 is Ada elsewhere/);
    mkdirSync(join(folder, 'empty'));
    await expect(peopleOfFolder(join(folder, 'empty'))).rejects.toThrow(/no pictures/);
  });
});

describe('people of a CSV', () => {
  it('have a row for each photograph; one row may say what the others leave out', async () => {
    put('a.jpg', 'b/c.jpg', 'd.jpg');
    const file = csv(
      'Person,File,Name,Consent,Consent_Given,Consent_Until,Staff',
      '7,a.jpg,"Byron, Ada",2026-02,2026-02-03,2027-02-03T12:00:00Z,',
      '7,b/c.jpg,,,,,',
      '8,d.jpg,Bob,,,,true',
    );
    expect(await peopleOfCsv(file, folder, CONSENT)).toEqual([
      {
        person: {
          externalId: '7',
          displayName: 'Byron, Ada',
          consent: {
            textVersion: '2026-02',
            givenAt: '2026-02-03T00:00:00.000Z',
            until: '2027-02-03T12:00:00.000Z',
          },
        },
        files: ['a.jpg', 'b/c.jpg'],
      },
      { person: { externalId: '8', displayName: 'Bob', isStaff: true, consent: CONSENT }, files: ['d.jpg'] },
    ]);
  });

  it.each([
    ['a column that is missing', ['person,name', '7,Ada'], /row 1: the column file is missing/],
    ['a picture that is not there', ['person,file', '7,z.jpg'], /row 2, file: there is no picture/],
    ['a picture outside of the folder', ['person,file', '7,../../etc/passwd'], /row 2, file/],
    ['no person', ['person,file', ',a.jpg'], /row 2, person: is empty/],
    [
      'a day that is none',
      ['person,file,consent,consent_given', '7,a.jpg,1,yesterday'],
      /row 2, consent.givenAt/,
    ],
    ['two names', ['person,file,name', '7,a.jpg,Ada', '7,a.jpg,Bob'], /row 3, name: 7 is Ada elsewhere/],
    ['nobody', ['person,file'], /has no rows/],
    ['a quote that is open', ['person,file', '7,"a.jpg'], /people.csv: /],
  ])('is refused as a whole, with the row: %s', async (_what, lines, message) => {
    put('a.jpg');
    await expect(peopleOfCsv(csv(...lines), folder)).rejects.toThrow(message);
  });
});
