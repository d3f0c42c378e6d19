type Bench = (args: string[]) => Promise<void>;

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  outages: async () => (await import('./outages.js')).outages,
  live: async () => (await import('./live.js')).live,
  store: async () => (await import('./store.js')).store,
  sales: async () => (await import('./sales.js')).sales,
  gallery: async () => (await import('./gallery.js')).gallery,
  cameras: async () => (await import('./cameras.js')).cameras,
  vision: async () => (await import('./vision.js')).vision,
  'sales-kills': async () => (await import('./sales-kills.js')).salesKills,
  expression: async () => (await import('./expression.js')).expression,
  models: async () => (await import('./models.js')).models,
  lstm: async () => (await import('./lstm/lstm.js')).lstm,
  customers: async () => (await import('./customers.js')).customers,
};

/** `npm run bench -- NAME`: the last line it prints is one line of JSON. */
export async function bench([name, ...args]: string[]): Promise<void> {
  const load = name === undefined ? undefined : BENCHES[name];
  if (load === undefined)
    throw new Error(`no bench ${name ?? ''}; there are ${Object.keys(BENCHES).join(', ')}`);
  const run = await load();
  await run(args);
}
