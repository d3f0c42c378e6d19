type Evaluation = (args: string[]) => Promise<void>;

const EVALUATIONS: Readonly<Record<string, () => Promise<Evaluation>>> = {
  'seed-002': async () => (await import('./seed-002/seed-002.js')).evaluateSeed002,
  detection: async () => (await import('./detection.js')).evaluateDetection,
  forecast: async () => (await import('./forecast/forecast.js')).evaluateForecast,
  expression: async () => (await import('./expression/expression.js')).evaluateExpression,
  'expression-sheet': async () => (await import('./expression/sheet.js')).evaluateExpressionSheet,
  identification: async () => (await import('./identification.js')).evaluateIdentification,
  strangers: async () => (await import('./strangers.js')).evaluateStrangers,
  verification: async () => (await import('./verification.js')).evaluateVerification,
  visits: async () => (await import('./visits.js')).evaluateVisits,
  tracking: async () => (await import('./tracking.js')).evaluateTracking,
};

/** `npm run evaluate -- NAME`: the last line it prints is one line of JSON. */
export async function evaluate([name, ...args]: string[]): Promise<void> {
  const load = name === undefined ? undefined : EVALUATIONS[name];
  if (load === undefined)
    throw new Error(`no evaluation ${name ?? ''}; there are ${Object.keys(EVALUATIONS).join(', ')}`);
  const run = await load();
  await run(args);
}
