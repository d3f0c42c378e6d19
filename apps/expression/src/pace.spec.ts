import { describe, expect, it } from 'vitest';
import { Pace } from './pace.js';

describe('Pace', () => {
  it('lets one crop of each second through', () => {
    const pace = new Pace();
    const at = (time: string) => pace.admits('sgt_a', `2026-03-01T09:00:${time}Z`);
    expect([at('24.000'), at('24.400'), at('24.999'), at('25.000'), at('26.990'), at('27.010')]).toEqual([
      true,
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('drops a crop that comes again or late', () => {
    const pace = new Pace();
    expect(pace.admits('sgt_a', '2026-03-01T09:00:30.000Z')).toBe(true);
    expect(pace.admits('sgt_a', '2026-03-01T09:00:30.000Z')).toBe(false);
    expect(pace.admits('sgt_a', '2026-03-01T09:00:29.000Z')).toBe(false);
  });

  it('paces each sighting on its own', () => {
    const pace = new Pace();
    expect(pace.admits('sgt_a', '2026-03-01T09:00:30.000Z')).toBe(true);
    expect(pace.admits('sgt_b', '2026-03-01T09:00:30.000Z')).toBe(true);
  });

  it('forgets the longest untouched of many sightings, not the one it saw last', () => {
    const pace = new Pace();
    const first = '2026-03-01T09:00:30.000Z';
    for (let i = 0; i < 4_096; i++) pace.admits(`sgt_${i}`, first);
    pace.admits('sgt_0', '2026-03-01T09:00:31.000Z');
    pace.admits('sgt_new', first);
    expect(pace.admits('sgt_0', '2026-03-01T09:00:31.000Z')).toBe(false);
    expect(pace.admits('sgt_1', first)).toBe(true);
  });
});
