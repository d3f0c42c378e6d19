type Import = (args: string[]) => Promise<void>;

const IMPORTS: Readonly<Record<string, () => Promise<Import>>> = {
  enrolments: async () => (await import('./enrolments.js')).importEnrolments,
};

/** `import NAME`: what other systems know comes in.
 *  @throws Error naming the imports there are */
export async function importTool([name, ...args]: string[]): Promise<void> {
  const load = name === undefined ? undefined : IMPORTS[name];
  if (load === undefined)
    throw new Error(`no import ${name ?? ''}; there is ${Object.keys(IMPORTS).join(', ')}`);
  const run = await load();
  await run(args);
}
