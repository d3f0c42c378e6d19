import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { PersonEnrolment } from '@regulars/contracts';
import { EnrolmentClient, Refused, type SendOptions } from './enrolment-client.js';
import { digestOf, Journal, type PersonLine, type PhotographLine } from './journal.js';
import { type Consent, instantOf, type OfferedPerson, peopleOfCsv, peopleOfFolder } from './people-source.js';

const USAGE = `npm run import -- enrolments --photos DIR --token-file FILE [--csv FILE] [--address URL] [--report FILE]
  [--consent VERSION --consent-given DAY [--consent-until DAY]] [--dry-run] [--accept-known] [--again]`;
const PHOTOGRAPHS_A_REQUEST = 10;

interface Plan {
  readonly people: readonly OfferedPerson[];
  readonly folder: string;
  readonly client: EnrolmentClient;
  readonly journal: Journal | null;
  readonly options: SendOptions;
  /** Sends people again whom an earlier run has done, as is wanted for another recogniser. */
  readonly again: boolean;
}

/** Enrols people from a folder of photographs, or a CSV and photographs, through a gateway's API. Each person is
 *  enrolled wholly or not at all; run again after an interruption it goes on, and sent twice it changes nothing. Says
 *  for each photograph what became of it; the last line is JSON.
 *  @throws Error on wrong arguments, a wrong CSV (nothing was enrolled then), or a gateway that is away */
export async function importEnrolments(args: string[]): Promise<void> {
  const plan = await planOf(args);
  const lines: PersonLine[] = [];
  for (const offered of plan.people) {
    const line = await enrolOne(plan, offered);
    if (line === null) continue;
    lines.push(line);
    tell(line, plan.options.trial !== undefined);
    await plan.journal?.add(line);
  }
  console.log(JSON.stringify(summaryOf(plan.people.length, lines)));
}

async function planOf(args: string[]): Promise<Plan> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      photos: text,
      csv: text,
      consent: text,
      'consent-given': text,
      'consent-until': text,
      report: text,
      address: { ...text, default: 'http://127.0.0.1:8080' },
      'token-file': text,
      'dry-run': flag,
      'accept-known': flag,
      again: flag,
    },
  });
  const { photos: folder, csv, 'token-file': tokenFile, again } = values;
  if (folder === undefined || tokenFile === undefined) throw new Error(`usage: ${USAGE}`);
  const consent = consentOf(values.consent, values['consent-given'], values['consent-until']);
  const people =
    csv === undefined ? await peopleOfFolder(folder, consent) : await peopleOfCsv(csv, folder, consent);
  const isTrial = values['dry-run'];
  const trial = isTrial ? { trial: randomUUID() } : {};
  return {
    people,
    folder,
    again,
    client: new EnrolmentClient(values.address, (await readFile(tokenFile, 'utf8')).trim()),
    journal: isTrial ? null : await Journal.open(values.report ?? 'enrolments.report.jsonl'),
    options: { ...trial, acceptKnown: values['accept-known'] },
  };
}

function consentOf(version?: string, given?: string, until?: string): Consent | undefined {
  if (version === undefined && given === undefined) return undefined;
  if (version === undefined || given === undefined)
    throw new Error('--consent (version of the text) and --consent-given (the day) belong together');
  const end = until === undefined ? {} : { until: instantOf(until) };
  return { textVersion: version, givenAt: instantOf(given), ...end };
}

/** @returns null for somebody whom an earlier run has done */
async function enrolOne(plan: Plan, { person, files }: OfferedPerson): Promise<PersonLine | null> {
  const { client, folder, journal, options } = plan;
  const { externalId } = person;
  const read = async (file: string) => ({ file, bytes: await readFile(join(folder, file)) });
  const pictures = await Promise.all(files.map(read));
  const before = journal?.lineOf(externalId);
  if (before !== undefined && (before.outcome === 'erased' || !plan.again) && isDone(before, pictures))
    return null;
  const line = { person: externalId, name: person.displayName, customerId: null };
  if (before?.customerId && !(await client.isKnown(before.customerId)))
    return { ...line, outcome: 'erased', photographs: [], at: new Date().toISOString() };
  try {
    const results: PersonEnrolment[] = [];
    for (let first = 0; first < pictures.length; first += PHOTOGRAPHS_A_REQUEST) {
      const some = pictures.slice(first, first + PHOTOGRAPHS_A_REQUEST).map(({ bytes }) => bytes);
      results.push(await client.enrol(person, some, options));
    }
    return { ...line, ...joined(results, pictures), at: new Date().toISOString() };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const photographs = pictures.map(({ file, bytes }) => ({
      file,
      digest: digestOf(bytes),
      result: error.code,
    }));
    const isAway = error.code === 'RECOGNITION_UNAVAILABLE';
    const outcome = isAway ? 'incomplete' : 'refused';
    return { ...line, outcome, code: error.code, photographs, at: new Date().toISOString() };
  }
}

type Picture = { readonly file: string; readonly bytes: Uint8Array };

/** Whether an earlier run did the same pictures to the end. */
function isDone({ outcome, photographs, code }: PersonLine, pictures: readonly Picture[]): boolean {
  if (outcome === 'incomplete' || outcome === 'tried' || code !== undefined) return false;
  if (outcome === 'erased') return true;
  const known = photographs.map(({ digest }) => digest).sort();
  const now = pictures.map(({ bytes }) => digestOf(bytes)).sort();
  return known.join() === now.join();
}

function joined(
  results: readonly PersonEnrolment[],
  pictures: readonly Picture[],
): Pick<PersonLine, 'customerId' | 'outcome' | 'photographs'> {
  const photographs = results.flatMap((result, request) =>
    result.photographs.map((one): PhotographLine => {
      const { file, bytes } = pictures[request * PHOTOGRAPHS_A_REQUEST + one.index] as Picture;
      const told = one.kind === 'accepted' ? one.knownAs : one.fields['customerId'];
      const knownAs = typeof told === 'string' ? { knownAs: told } : {};
      const result = one.kind === 'accepted' ? 'accepted' : one.code;
      return { file, digest: digestOf(bytes), result, ...knownAs };
    }),
  );
  const isIncomplete = photographs.some(({ result }) => result === 'RECOGNITION_UNAVAILABLE');
  const best = results.find(({ outcome }) => outcome !== 'refused') ?? results[0];
  const isThere = best !== undefined && (best.outcome !== 'refused' || !best.isNew);
  return {
    customerId: isThere ? best.customerId : null,
    outcome: isIncomplete ? 'incomplete' : (best?.outcome ?? 'refused'),
    photographs,
  };
}

function tell({ person, outcome, code, photographs }: PersonLine, isTrial: boolean): void {
  const accepted = photographs.filter(({ result }) => result === 'accepted').length;
  const verb = isTrial ? 'would be taken' : 'taken';
  console.log(
    `${person}: ${outcome}${code === undefined ? '' : ` ${code}`}, ${accepted} of ${photographs.length} ${verb}`,
  );
  for (const { file, result, knownAs } of photographs)
    if (result !== 'accepted' || knownAs !== undefined)
      console.log(`  ${file}: ${result}${knownAs === undefined ? '' : ` (${knownAs})`}`);
}

function summaryOf(people: number, lines: readonly PersonLine[]) {
  const outcomes = countsOf(lines.map(({ outcome }) => outcome));
  const results = countsOf(lines.flatMap(({ photographs }) => photographs.map(({ result }) => result)));
  return { people, doneBefore: people - lines.length, outcomes, photographs: results };
}

function countsOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of [...names].sort()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
