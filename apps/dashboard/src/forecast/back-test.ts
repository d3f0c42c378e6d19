import { assertNever, currencyDigits } from '@regulars/contracts';
import { moneyText, roughMoney } from '../money.js';
import { strings } from '../strings.js';

/** A figure with its 95 % interval, where one was computed. */
export interface Figure {
  readonly value: number;
  readonly range: { readonly low: number; readonly high: number } | null;
}

type Figures = Readonly<Record<string, Figure>>;

/** Which figure of a metric is the best one. */
export type Better = 'higher' | 'lower' | 'nearest to 1';

/** Metrics that are amounts of money, told in minor units. */
const MONEY: ReadonlySet<string> = new Set(['mae', 'rmse', 'maeEqualTotal', 'rmseEqualTotal']);

export interface BackTest {
  readonly champion: string | null;
  /** ISO 4217, of the amounts; null in reports that do not say. */
  readonly currency: string | null;
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
    currency: typeof told['currency'] === 'string' ? told['currency'] : null,
    metrics: [...new Set(models.flatMap(({ figures }) => Object.keys(figures)))],
    models,
    origins: originsOf(told['origins']),
  };
}

/** The best model of a metric. @returns null when none has a figure */
export function bestOf({ models }: BackTest, metric: string, better: Better): string | null {
  let best: { readonly model: string; readonly short: number } | null = null;
  for (const { model, figures } of models) {
    const value = figures[metric]?.value;
    if (value === undefined) continue;
    const short = shortOf(value, better);
    if (best === null || short < best.short) best = { model, short };
  }
  return best?.model ?? null;
}

/** How far a value falls short, by which values are ordered. */
function shortOf(value: number, better: Better): number {
  switch (better) {
    case 'higher':
      return -value;
    case 'lower':
      return value;
    case 'nearest to 1':
      return Math.abs(value - 1);
    default:
      return assertNever(better);
  }
}

/** Whole units from here on, minor units below. */
const ROUGH_FROM = 100;

/** A figure for people: money with its currency, other figures with three digits behind the point below 10 and
 *  whole numbers above 1000. */
export function figureText(metric: string, value: number | null, currency: string | null): string {
  if (value === null) return '–';
  if (MONEY.has(metric) && currency !== null) {
    const money = { amountMinor: value, currency };
    return Math.abs(value) >= ROUGH_FROM * 10 ** currencyDigits(currency)
      ? roughMoney(money)
      : moneyText(money);
  }
  const digits = Math.abs(value) < 10 ? 3 : Math.abs(value) < 1_000 ? 1 : 0;
  return value.toLocaleString(strings.locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
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
