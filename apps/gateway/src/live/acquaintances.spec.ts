import { SILENT } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { Acquaintances, NAMELESS } from './acquaintances.js';

function setUp(capacity = 10) {
  const names = new Map<string, string | null>([['cus_a', 'Ada']]);
  const lookups: string[] = [];
  const acquaintances = new Acquaintances(
    (customerId) => {
      lookups.push(customerId);
      const name = names.get(customerId);
      return name === undefined ? Promise.reject(new Error('away')) : Promise.resolve(name);
    },
    SILENT.log,
    capacity,
  );
  return { acquaintances, lookups, names };
}

describe('acquaintances', () => {
  it('looks a name up once until the customer changes', async () => {
    const { acquaintances, lookups, names } = setUp();
    await acquaintances.learn(['cus_a', 'cus_a']);
    await acquaintances.learn(['cus_a']);
    expect([acquaintances.nameOf('cus_a'), lookups]).toEqual(['Ada', ['cus_a']]);
    names.set('cus_a', 'Ada Lovelace');
    acquaintances.forgetName('cus_a');
    await acquaintances.learn(['cus_a']);
    expect([acquaintances.nameOf('cus_a'), lookups]).toEqual(['Ada Lovelace', ['cus_a', 'cus_a']]);
  });

  it('does not keep a name that was read before the customer changed', async () => {
    let release: (name: string) => void = () => {};
    const slow = new Acquaintances(() => new Promise<string>((resolve) => (release = resolve)), SILENT.log);
    const first = slow.learn(['cus_a']);
    slow.forgetName('cus_a');
    release('old name');
    await first;
    expect(slow.nameOf('cus_a')).toBe(NAMELESS);
  });

  it('shows a stand-in for erased and unreadable customers, and tries the unreadable again', async () => {
    const { acquaintances, lookups, names } = setUp();
    names.set('cus_erased', null);
    await acquaintances.learn(['cus_erased', 'cus_away']);
    expect(['cus_erased', 'cus_away'].map((id) => acquaintances.nameOf(id))).toEqual([NAMELESS, NAMELESS]);
    names.set('cus_away', 'Back');
    await acquaintances.learn(['cus_erased', 'cus_away']);
    expect(acquaintances.nameOf('cus_away')).toBe('Back');
    expect(lookups).toEqual(['cus_erased', 'cus_away', 'cus_away']);
  });

  it('remembers only so many', async () => {
    const { acquaintances, names } = setUp(2);
    for (const id of ['cus_1', 'cus_2', 'cus_3']) {
      names.set(id, id);
      await acquaintances.learn([id]);
      acquaintances.rememberIdentity(`sgt_${id}`, { kind: 'stranger', votes: 1, model: 'm' });
    }
    expect(acquaintances.nameOf('cus_1')).toBe(NAMELESS);
    expect(acquaintances.nameOf('cus_3')).toBe('cus_3');
    expect(acquaintances.identityOf('sgt_cus_1')).toEqual({ kind: 'undecided' });
    expect(acquaintances.identityOf('sgt_cus_3').kind).toBe('stranger');
  });
});
