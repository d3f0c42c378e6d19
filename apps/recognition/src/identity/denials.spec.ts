import { describe, expect, it } from 'vitest';
import { Denials } from './denials.js';

const at = (angle: number): Float32Array => Float32Array.of(Math.cos(angle), Math.sin(angle));
const view = (angle: number) => ({ atMs: 0, weight: 1, embedding: at(angle) });
const found = (distance: number) => ({
  best: { customerId: 'ada', distance },
  runnerUp: { customerId: 'bob', distance: 0.3 },
});

describe('what was denied', () => {
  it('takes a customer off the search for the same face, and off no other', () => {
    const denials = new Denials();
    denials.remember('s1', 'ada', [view(0.3), view(0.32)], 0);
    expect(denials.obey(found(0.04), at(0.31), 1_000).best?.customerId).toBe('ada');
    denials.deny('s1', 'ada');
    expect(denials.obey(found(0.04), at(0.31), 1_000).best?.customerId).toBe('bob');
    expect(denials.obey(found(0.01), at(0), 1_000).best?.customerId).toBe('ada');
    expect(denials.obey({ best: null, runnerUp: null }, at(0.31), 0).best).toBeNull();
  });

  it('is forgotten after a day, and with the customer', () => {
    const denials = new Denials();
    denials.remember('s1', 'ada', [view(0.3)], 0);
    denials.deny('s1', 'ada');
    expect(denials.obey(found(0.04), at(0.3), 25 * 3_600_000).best?.customerId).toBe('ada');
    denials.keepOnly((customerId) => customerId !== 'bob');
    expect(denials.obey(found(0.04), at(0.3), 0).best?.customerId).toBe('bob');
    denials.keepOnly((customerId) => customerId !== 'ada');
    expect(denials.obey(found(0.04), at(0.3), 0).best?.customerId).toBe('ada');
  });

  it('changes nothing for a pass that is not remembered or was of somebody else', () => {
    const denials = new Denials();
    denials.remember('s1', 'ada', [view(0.3)], 0);
    denials.deny('s2', 'ada');
    denials.deny('s1', 'bob');
    expect(denials.obey(found(0.04), at(0.3), 0).best?.customerId).toBe('ada');
  });
});
