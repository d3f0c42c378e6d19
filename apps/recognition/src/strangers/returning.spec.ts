import { join } from 'node:path';
import { SightingEnded } from '@regulars/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FACES, framesOf, RecognitionRig, whyNot } from '../testing/rig.js';

const PEOPLE = join(FACES, 'clips-intel/people');
const reason = whyNot(PEOPLE);
if (reason !== null) process.stderr.write(`strangers on real films are not tested: ${reason}\n`);

/** Two clips of each of three people; all fifteen give the same. */
const CLIPS = { P1: ['again', 'help'], P2: ['bird', 'milk'], P3: ['book', 'learn'] } as const;

describe.runIf(reason === null)('strangers before a camera that may know them again', () => {
  const rig = new RecognitionRig();
  beforeAll(() => rig.start());
  afterAll(() => rig.stop());

  it('are three people under three pseudonyms, whoever comes when', async () => {
    const seen: (readonly [person: string, pseudonymId: string])[] = [];
    for (const turn of [0, 1] as const) {
      for (const [person, clips] of Object.entries(CLIPS)) {
        const before = rig.of(SightingEnded.key, 'door').length;
        await rig.play('door', framesOf(join(PEOPLE, `${clips[turn]}.mkv`)), 'returning');
        for (const { identity } of rig.of(SightingEnded.key, 'door').slice(before)) {
          const { kind, pseudonymId } = identity as { kind: string; pseudonymId?: string };
          if (kind === 'stranger') seen.push([person, pseudonymId ?? 'none']);
        }
      }
    }
    const of = (person: string) => new Set(seen.filter(([who]) => who === person).map(([, id]) => id));
    expect(seen.length).toBeGreaterThanOrEqual(6);
    for (const person of Object.keys(CLIPS)) expect([person, of(person).size]).toEqual([person, 1]);
    expect(new Set(seen.map(([, id]) => id)).size).toBe(3);
  }, 120_000);
});
