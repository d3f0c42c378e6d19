type Training = (args: string[]) => Promise<void>;

const TRAININGS: Readonly<Record<string, () => Promise<Training>>> = {
  cover: async () => (await import('./cover/cover.js')).trainCover,
  expression: async () => (await import('./expression/expression.js')).trainExpression,
  'identity-shift': async () => (await import('./identity-shift.js')).trainIdentityShift,
};

/** `npm run train -- NAME`. */
export async function train([name, ...args]: string[]): Promise<void> {
  const load = name === undefined ? undefined : TRAININGS[name];
  if (load === undefined)
    throw new Error(`no training ${name ?? ''}; there are ${Object.keys(TRAININGS).join(', ')}`);
  const run = await load();
  await run(args);
}
