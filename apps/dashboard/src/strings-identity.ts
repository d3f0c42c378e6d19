/** Words about wrong recognitions. */
export const identityStrings = {
  title: 'Recognition',
  loadFailed: 'How sure recognition is could not be read.',
  tolerated: 'Wrong recognitions a week that are tolerable',
  save: 'Save',
  saved: 'Saved: recognition follows within half a minute.',
  predicted: (wrong: number, people: number) =>
    `At most ${wrong < 0.1 ? 'one in ten weeks' : `${wrong.toFixed(1)} a week`} expected, with ${people} enrolled.`,
  observed: (near: number, passes: number) =>
    passes === 0
      ? 'Nobody has passed a recognising camera in the last seven days.'
      : `In the last seven days ${near} of ${passes} passes came too near to somebody else.`,
  denied: (count: number) => (count === 1 ? '1 was said to be wrong.' : `${count} were said to be wrong.`),
  limits: {
    budget: 'The limit is this budget: more would be recognised with a larger one.',
    recogniser: 'The limit is the recogniser: a larger budget would not recognise more.',
  },
  notStarted: 'Recognition has not started yet.',
  notThisPerson: (name: string) => `Not ${name}`,
  notThisPersonHint:
    'The visit becomes a stranger’s, and this face is not taken for this customer again today.',
  notThisPersonDone: 'Corrected',
  notThisPersonFailed: 'Could not be corrected; try again',
};
