const people = (count: number) => (count === 1 ? '1 customer' : `${count} customers`);

/** Words about recognisers. */
export const recogniserStrings = {
  title: 'Recogniser',
  serving: (model: string, count: number) => `${model} serves and knows ${people(count)}.`,
  beside: {
    candidate: (model: string, count: number) =>
      `${model} stands beside it and knows ${people(count)}. Photographs that are enrolled now are learnt by both.`,
    former: (model: string, count: number) =>
      `${model} served before and knows ${people(count)}. It can be put back at once.`,
  },
  pending: (model: string, problem: string) => `${model} is to serve: ${problem}`,
  problem: (problem: string) => `It cannot be used now: ${problem}`,
  unusable: (name: string | null, problem: string) =>
    `The entry of ${name ?? 'own.json'} cannot be used: ${problem}`,
  choose: 'Another recogniser',
  put: 'Put it beside',
  compare: 'Compare',
  promote: 'Let it serve',
  rollBack: 'Put it back',
  end: 'Take it away',
  working: 'Working…',
  agreement: (same: number, compared: number) =>
    compared === 0
      ? 'There are no photographs yet that both have.'
      : `The same by both: ${same} of ${compared} photographs.`,
  differ: (other: number, none: number, gained: number) =>
    `Somebody else: ${other}; named only by the one that serves: ${none}; only by the other: ${gained}.`,
  wrong: (serving: number, beside: number) =>
    `Customers taken for another one: ${serving} by the one that serves, ${beside} by the other.`,
  covered: 'It knows everybody who is enrolled.',
  uncovered: (count: number) => `Unknown to it: ${people(count)}. They would not be recognised any more.`,
  more: (count: number) => `and ${count} more`,
  promoteTitle: (model: string) => `Let ${model} serve?`,
  promoteText: 'The one that serves now stays beside and can be put back at once.',
  promoteWithout: (count: number) =>
    `${people(count)} will not be recognised until they are enrolled again. Their names and visits stay.`,
  endTitle: (model: string) => `Take ${model} away?`,
  endText: 'What it learnt is deleted. To use it again, all photographs must be sent again.',
};
