import { createHash } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { PersonEnrolment } from '@regulars/contracts';
import { z } from 'zod';

const PhotographLine = z.object({
  file: z.string(),
  /** First digits of the file's sha256. */
  digest: z.string(),
  /** `accepted`, or the code of the refusal. */
  result: z.string(),
  /** Another customer for whom the face would be taken. */
  knownAs: z.string().optional(),
});
export type PhotographLine = z.infer<typeof PhotographLine>;

/** What became of one person; a line of the report. */
export const PersonLine = z.object({
  person: z.string(),
  name: z.string(),
  customerId: z.string().nullable(),
  /** `incomplete`: some photographs were not answered for; `erased`: erased since an earlier run, and left alone. */
  outcome: z.enum([...PersonEnrolment.shape.outcome.options, 'incomplete', 'erased']),
  /** Why nobody could be enrolled, where it is not about single photographs. */
  code: z.string().optional(),
  photographs: z.array(PhotographLine),
  at: z.string(),
});
export type PersonLine = z.infer<typeof PersonLine>;

export const digestOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** A report with a line of JSON for each person, written as soon as the person is done: what a later run goes on
 *  from. It names customers, so only its owner may read it. */
export class Journal {
  private constructor(
    private readonly path: string,
    private readonly newest: Map<string, PersonLine>,
  ) {}

  /** Reads what earlier runs did. A line that was cut off by a crash is forgotten; that person is sent again.
   *  @throws Error when the file is there and is no report */
  static async open(path: string): Promise<Journal> {
    await writeFile(path, '', { flag: 'a', mode: 0o600 });
    const text = await readFile(path, 'utf8');
    const lines = text.split('\n');
    const newest = new Map<string, PersonLine>();
    for (const [index, line] of lines.entries()) {
      if (line === '') continue;
      const parsed = PersonLine.safeParse(parseJson(line));
      if (parsed.success) newest.set(parsed.data.person, parsed.data);
      else if (index < lines.length - 1) throw new Error(`${path}, line ${index + 1} is not of a report`);
    }
    if (!text.endsWith('\n') && text !== '') await writeFile(path, text.slice(0, text.lastIndexOf('\n') + 1));
    return new Journal(path, newest);
  }

  lineOf(person: string): PersonLine | undefined {
    return this.newest.get(person);
  }

  async add(line: PersonLine): Promise<void> {
    await appendFile(this.path, `${JSON.stringify(line)}\n`);
    this.newest.set(line.person, line);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // Not of a report; the caller knows what that means.
  }
}
