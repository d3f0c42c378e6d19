import { SILENT } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { StaffRoll } from './staff-roll.js';

describe('the staff roll', () => {
  it('knows who works in the shop, and who no longer does once it is read anew', async () => {
    let stored = ['cus_ann', 'cus_bea'];
    const roll = new StaffRoll({ staff: async () => stored }, SILENT.log);
    expect(roll.any).toBe(false);
    await roll.open();
    expect([roll.any, roll.has('cus_ann'), roll.has('cus_cleo')]).toEqual([true, true, false]);
    stored = [];
    await roll.read();
    expect([roll.any, roll.has('cus_ann')]).toEqual([false, false]);
    await roll.close();
  });

  it('keeps whom it knows while the store is away', async () => {
    let isAway = false;
    const staff = async () => {
      if (isAway) throw new Error('away');
      return ['cus_ann'];
    };
    const roll = new StaffRoll({ staff }, SILENT.log);
    await roll.open();
    isAway = true;
    await expect(roll.read()).rejects.toThrow('away');
    expect(roll.has('cus_ann')).toBe(true);
    isAway = false;
    await roll.read();
    await roll.close();
  });
});
