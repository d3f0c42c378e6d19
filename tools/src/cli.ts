type Tool = (args: string[]) => Promise<void>;

/** Each tool is loaded when it is asked for, so that `docs` does not load the models. */
const TOOLS: Readonly<Record<string, () => Promise<Tool>>> = {
  docs: async () => (await import('./docs/docs.js')).docs,
  service: async () => (await import('./service.js')).service,
  token: async () => (await import('./token.js')).token,
  record: async () => (await import('./tape/record.js')).record,
  replay: async () => (await import('./tape/replay.js')).replay,
  bench: async () => (await import('./bench/bench.js')).bench,
  fixtures: async () => (await import('./fixtures/fixtures.js')).fixtures,
  import: async () => (await import('./import/import.js')).importTool,
  train: async () => (await import('./train/train.js')).train,
  evaluate: async () => (await import('./evaluate/evaluate.js')).evaluate,
};

/** Runs a tool by name.
 *  @throws Error naming the tools there are */
export async function runTool(name: string | undefined, args: string[]): Promise<void> {
  const load = name === undefined ? undefined : TOOLS[name];
  if (load === undefined)
    throw new Error(`no tool ${name ?? ''}; there are ${Object.keys(TOOLS).join(', ')}`);
  const tool = await load();
  await tool(args);
}
