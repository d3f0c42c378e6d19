import type { MetricName } from './metrics.js';

export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log: facts in fields, then a constant message. */
export interface Log {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}

export type MetricLabels = Readonly<Record<string, string>>;

/** Metrics by their declared name (metrics.ts). */
export interface Meter {
  /** Adds to a counter. */
  count(name: MetricName, labels?: MetricLabels, increment?: number): void;
  /** Sets a gauge. */
  set(name: MetricName, value: number, labels?: MetricLabels): void;
  /** Adds one observation to a histogram, in the metric's own unit. */
  observe(name: MetricName, value: number, labels?: MetricLabels): void;
}

export interface Telemetry {
  log: Log;
  meter: Meter;
}

/** Telemetry that goes nowhere: for tools and tests that look at results only. */
export const SILENT: Telemetry = {
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  meter: { count: () => {}, set: () => {}, observe: () => {} },
};
