import type { FaceScoring } from '@regulars/vision';
import { describe, expect, it } from 'vitest';
import { compareSides, type PairedTemplate, type Side } from './agreement.js';

const PEOPLE = ['ada', 'bob', 'cy', 'dee', 'eve'];
const TOLERATED = { wrongPerWeek: 5, passesPerWeek: 1_000 };

/** Compared by cosine alone; one in 100,000 pairs of strangers within .2. */
const scoringOf = (model: string): FaceScoring => ({
  scoringVersion: 1,
  model,
  crowding: { constant: 0, linear: new Array<number>(16).fill(0), values: [], vectors: [] },
  templates: [
    [1e-6, 0.18],
    [1e-5, 0.2],
    [1e-2, 0.5],
  ],
  fitted: { on: 'nothing', people: 1, pictures: 1, digests: [] },
});

/** A view of a person: mostly the person's own direction, a little of another. */
function view(person: number, other: number, share = 0.1): Float32Array {
  const vector = new Float32Array(16);
  vector[person] = Math.sqrt(1 - share * share);
  vector[other] = (vector[other] ?? 0) + share;
  return vector;
}

function sideOf(model: string, twin: string | null, people: readonly string[] = PEOPLE): Side {
  const templates = people.flatMap((customerId): PairedTemplate[] =>
    [0, 1].map((n) => {
      const templateId = `${model}/${customerId}/${n}`;
      const twinOf = twin === null ? {} : { twinOf: `${twin}/${customerId}/${n}` };
      return { templateId, customerId, embedding: view(PEOPLE.indexOf(customerId), 10 + n), ...twinOf };
    }),
  );
  return { model, scoring: scoringOf(model), templates };
}
const changed = (side: Side, templateId: string, embedding: Float32Array): Side => ({
  ...side,
  templates: side.templates.map((one) => (one.templateId === templateId ? { ...one, embedding } : one)),
});

describe('the agreement of two recognisers', () => {
  it('is whole where they see the same, whichever was there first', async () => {
    const expected = {
      people: 5,
      uncovered: 0,
      compared: 10,
      same: 10,
      other: 0,
      none: 0,
      gained: 0,
      confused: [],
    };
    expect(await compareSides(sideOf('old', null), sideOf('new', 'old'), TOLERATED)).toMatchObject(expected);
    expect(await compareSides(sideOf('new', 'old'), sideOf('old', null), TOLERATED)).toMatchObject(expected);
  });

  it('says who is unknown to the other, and compares what both have', async () => {
    const agreement = await compareSides(
      sideOf('old', null),
      sideOf('new', 'old', ['ada', 'cy', 'eve']),
      TOLERATED,
    );
    expect(agreement).toMatchObject({
      people: 5,
      uncovered: 2,
      uncoveredCustomers: ['bob', 'dee'],
      compared: 6,
    });
  });

  it('says whom the other would take for whom, and whom it would not know', async () => {
    // One of Ada's photographs looks like Bob to the new one, and Cy's two do not look alike.
    const mistaken = changed(sideOf('new', 'old'), 'new/ada/0', view(1, 12));
    const beside = changed(mistaken, 'new/cy/1', view(14, 15));
    const agreement = await compareSides(sideOf('old', null), beside, TOLERATED);
    expect(agreement).toMatchObject({ compared: 10, wrong: { serving: 0, beside: 1 } });
    expect(agreement.confused).toEqual([
      { customerId: 'ada', takenFor: 'bob', distance: expect.closeTo(0.0075, 4) as number },
    ]);
    expect(agreement.other).toBe(1);
    // Ada's other photograph and both of Cy's have none of their own left that looks like them.
    expect([agreement.same, agreement.none]).toEqual([6, 3]);
  });

  it('is one of nobody where nobody is known', async () => {
    const none = { ...sideOf('new', 'old'), templates: [] };
    expect(await compareSides(sideOf('old', null), none, TOLERATED)).toMatchObject({
      uncovered: 5,
      compared: 0,
    });
  });
});
