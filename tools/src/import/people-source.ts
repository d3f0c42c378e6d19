import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative } from 'node:path';
import { EnrolmentPerson, messageOf } from '@regulars/contracts';
import { parse } from 'csv-parse/sync';

/** Somebody to enrol, and the photographs, by their paths below the folder. */
export interface OfferedPerson {
  readonly person: EnrolmentPerson;
  readonly files: readonly string[];
}

export type Consent = NonNullable<EnrolmentPerson['consent']>;

const PICTURE = /\.(jpe?g|png|webp)$/i;
/** `0123456789 Ada Byron`, as systems that name pictures by telephone number do. */
const NUMBERED = /^(\+?\d[\d-]{2,})[ _]+(.*\p{L}.*)$/u;
/** `Ada (2)`, `Ada_0001`: another picture of the same person. */
const COUNTED = /[ _-]*(?:\(\d+\)|_\d+| \d{1,2})$/;

/** People of a folder: a folder for each person, or a flat folder whose files are named for the person, with the
 *  operator's own number before the name where there is one (`0123456789 Ada Byron.jpg`). Hidden files and what is no
 *  picture are left alone.
 *  @param consent what all of them agreed to; without it each is refused
 *  @throws Error when there are no pictures, or when one number has two names */
export async function peopleOfFolder(folder: string, consent?: Consent): Promise<readonly OfferedPerson[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(
    ({ name }) => !name.startsWith('.'),
  );
  const offered: (readonly [label: string, file: string])[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) {
      const files = (await readdir(join(folder, entry.name))).filter((name) => PICTURE.test(name));
      for (const file of files) offered.push([entry.name, join(entry.name, file)]);
    } else if (PICTURE.test(entry.name)) {
      const label = basename(entry.name, extname(entry.name));
      offered.push([label.replace(COUNTED, '') || label, entry.name]);
    }
  }
  if (offered.length === 0) throw new Error(`${folder} has no pictures (JPEG, PNG, WebP)`);
  return gathered(
    offered.map(([label, file]) => {
      const [, number, name] = NUMBERED.exec(label) ?? [];
      const displayName = (name ?? label).replaceAll('_', ' ').trim();
      return { file, person: { externalId: number ?? label, displayName, ...(consent && { consent }) } };
    }),
  );
}

/** A row of the CSV by its columns; the first two are needed. */
type Column = 'person' | 'file' | 'name' | 'consent' | 'consent_given' | 'consent_until' | 'staff';
type Row = Partial<Record<Column, string>>;

/** People of a CSV with a row for each photograph: `person` (the operator's own number), `file` (below the folder),
 *  and where wanted `name`, `consent` (version of the text), `consent_given`, `consent_until` (ISO 8601), `staff`
 *  (true or false). What a row leaves out, another row of the same person says.
 *  @throws Error naming the row and the column that is wrong; nothing is enrolled then */
export async function peopleOfCsv(
  csv: string,
  folder: string,
  consent?: Consent,
): Promise<readonly OfferedPerson[]> {
  const rows = parseCsv(csv, await readFile(csv, 'utf8'));
  const offered: { file: string; person: EnrolmentPerson; row: number }[] = [];
  for (const [index, cells] of rows.entries()) {
    const row = index + 2;
    const file = await fileOf(csv, row, folder, cells.file ?? '');
    const first = offered.find(({ person }) => person.externalId === cells.person)?.person;
    offered.push({ row, file, person: personOf(csv, row, cells, first, consent) });
  }
  if (offered.length === 0) throw new Error(`${csv} has no rows`);
  return gathered(offered);
}

function parseCsv(csv: string, text: string): Row[] {
  try {
    const rows = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      trim: true,
    }) as Record<string, string>[];
    const missing = ['person', 'file'].filter((name) => rows[0] !== undefined && !(name in rows[0]));
    if (missing.length > 0) throw new Error(`row 1: the column ${missing.join(' and ')} is missing`);
    return rows;
  } catch (error) {
    throw new Error(`${csv}: ${messageOf(error)}`, { cause: error });
  }
}

async function fileOf(csv: string, row: number, folder: string, file: string): Promise<string> {
  const path = relative(folder, join(folder, file));
  const isOutside = isAbsolute(file) || path === '' || path.startsWith('..');
  const isThere =
    !isOutside &&
    (await stat(join(folder, path)).then(
      (found) => found.isFile(),
      () => false,
    ));
  if (!isThere) throw new Error(`${csv}, row ${row}, file: there is no picture ${join(folder, file)}`);
  return path;
}

function personOf(
  csv: string,
  row: number,
  cells: Row,
  first: EnrolmentPerson | undefined,
  consentOfAll: Consent | undefined,
): EnrolmentPerson {
  if (!cells.person) throw new Error(`${csv}, row ${row}, person: is empty`);
  const given = cells.consent ? consentOf(cells) : undefined;
  const consent = given ?? first?.consent ?? consentOfAll;
  const isStaff = cells.staff ? cells.staff.toLowerCase() === 'true' : first?.isStaff;
  const parsed = EnrolmentPerson.safeParse({
    externalId: cells.person,
    displayName: cells.name || first?.displayName || cells.person,
    ...(consent && { consent }),
    ...(isStaff === undefined ? {} : { isStaff }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${csv}, row ${row}, ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}`);
}

function consentOf({ consent = '', consent_given: given = '', consent_until: until }: Row): Consent {
  return {
    textVersion: consent,
    givenAt: instantOf(given),
    ...(until ? { until: instantOf(until) } : {}),
  };
}

/** A day stands for its beginning, UTC; anything else is left for the schema to refuse. */
export function instantOf(text: string): string {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}

/** One entry for each number, in the order of the numbers, files in the order of their names. */
function gathered(
  offered: readonly { readonly file: string; readonly person: EnrolmentPerson; readonly row?: number }[],
): readonly OfferedPerson[] {
  const people = new Map<string, { person: EnrolmentPerson; files: Set<string> }>();
  for (const { file, person, row } of offered) {
    const known = people.get(person.externalId);
    if (known !== undefined && known.person.displayName !== person.displayName) {
      const where = row === undefined ? dirname(file) + '/' + basename(file) : `row ${row}, name`;
      const { displayName } = known.person;
      throw new Error(`${where}: ${person.externalId} is ${displayName} elsewhere`);
    }
    if (known === undefined) people.set(person.externalId, { person, files: new Set([file]) });
    else known.files.add(file);
  }
  return [...people.values()]
    .map(({ person, files }) => ({ person, files: [...files].sort() }))
    .sort((one, other) => (one.person.externalId < other.person.externalId ? -1 : 1));
}
