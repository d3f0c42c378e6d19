import { randomOf, shuffled } from '@regulars/contracts/random';

export type Side = 'training' | 'validation' | 'test';

/** The paper's shares: 80, 10 and 10 %. */
const SHARES: readonly (readonly [Side, number])[] = [
  ['test', 0.1],
  ['validation', 0.1],
];

/** Puts whole groups on one side each, before anything is augmented: no side holds a copy of another's picture.
 *  Each class is divided in about the same shares.
 *  @param groups as groupsOf gives them
 *  @param satisfied the class of each picture
 *  @returns one side per picture */
export function splitGroups(groups: Int32Array, satisfied: readonly boolean[], seed: number): Side[] {
  const members = new Map<number, number[]>();
  groups.forEach((group, index) => {
    const known = members.get(group);
    if (known) known.push(index);
    else members.set(group, [index]);
  });
  const sides = satisfied.map((): Side => 'training');
  const ids = [...members.keys()].sort((a, b) => a - b);
  for (const wanted of [true, false]) {
    const own = ids.filter((id) => satisfied[members.get(id)?.[0] ?? 0] === wanted);
    const order = [...shuffled(own.length, randomOf(seed + (wanted ? 1 : 2)))].map((at) => own[at] ?? 0);
    const total = own.reduce((sum, id) => sum + (members.get(id)?.length ?? 0), 0);
    let next = 0;
    for (const [side, share] of SHARES) {
      for (let placed = 0; placed < total * share && next < order.length; next += 1) {
        const group = members.get(order[next] ?? 0) ?? [];
        // A group that is larger than a side would be all of it.
        if (placed > 0 && placed + group.length > total * share * 1.5) continue;
        for (const index of group) sides[index] = side;
        placed += group.length;
      }
    }
  }
  return sides;
}
