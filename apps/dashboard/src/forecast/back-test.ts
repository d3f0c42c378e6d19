/** A figure with its 95 % interval, where one was computed. */
export interface Figure {
  readonly value: number;
  readonly range: { readonly low: number; readonly high: number } | null;
}

type Figures = Readonly<Record<string, Figure>>;

export interface BackTest {
  readonly champion: string | null;
  /** Names of the metrics, in the order in which they are told. */
  readonly metrics: readonly string[];
  readonly models: readonly { readonly model: string; readonly figures: Figures }[];
  /** The same by the point in time from which was forecast, oldest first; empty when not told. */
  readonly origins: readonly {
    readonly origin: string;
    readonly models: Readonly<Record<string, Figures>>;
  }[];
}

/** A back-test as the report tells it: `{ champion, models: { model: { metric: figure } }, origins: [{ origin,
 *  models }] }`, where a figure is a number or `{ value, low, high }`. What is no figure is left out.
 *  @returns null when it has another form */
export function backTestOf(told: unknown): BackTest | null {
  if (!isRecord(told) || !isRecord(told['models'])) return null;
  const models = Object.entries(told['models']).map(([model, entry]) => ({
    model,
    figures: figuresOf(entry),
  }));
  if (models.length === 0) return null;
  return {
    champion: typeof told['champion'] === 'string' ? told['champion'] : null,
    metrics: [...new Set(models.flatMap(({ figures }) => Object.keys(figures)))],
    models,
    origins: originsOf(told['origins']),
  };
}

/** The best model of a metric. @returns null when none has a figure */
export function bestOf({ models }: BackTest, metric: string, isHigherBetter: boolean): string | null {
  let best: { readonly model: string; readonly value: number } | null = null;
  for (const { model, figures } of models) {
    const value = figures[metric]?.value;
    if (value === undefined) continue;
    if (best === null || (isHigherBetter ? value > best.value : value < best.value)) best = { model, value };
  }
  return best?.model ?? null;
}

function originsOf(told: unknown): BackTest['origins'] {
  if (!Array.isArray(told)) return [];
  return told
    .flatMap((entry: unknown) => {
      if (!isRecord(entry) || typeof entry['origin'] !== 'string' || !isRecord(entry['models'])) return [];
      const models = Object.entries(entry['models']).map(
        ([model, each]) => [model, figuresOf(each)] as const,
      );
      return [{ origin: entry['origin'], models: Object.fromEntries(models) }];
    })
    .sort((a, b) => a.origin.localeCompare(b.origin));
}

function figuresOf(told: unknown): Figures {
  if (!isRecord(told)) return {};
  return Object.fromEntries(
    Object.entries(told).flatMap(([metric, entry]) => {
      const figure = figureOf(entry);
      return figure === null ? [] : [[metric, figure]];
    }),
  );
}

function figureOf(told: unknown): Figure | null {
  if (isNumber(told)) return { value: told, range: null };
  if (!isRecord(told) || !isNumber(told['value'])) return null;
  const { value, low, high } = told;
  return { value, range: isNumber(low) && isNumber(high) ? { low, high } : null };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
