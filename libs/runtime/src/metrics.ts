import {
  METRICS,
  RegularsError,
  type Meter,
  type MetricLabels,
  type MetricName,
  type MetricSpec,
} from '@regulars/contracts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of this process. In embedded mode five services share it: each metric has the label `service`
 *  beside its declared ones, which the service's own meter fills in. */
export interface Metrics {
  meterOf(service: string): Meter;
  /** Prometheus' text form. */
  text(): Promise<string>;
  readonly contentType: string;
}

type Instrument =
  | { type: 'counter'; instrument: Counter }
  | { type: 'gauge'; instrument: Gauge }
  | { type: 'histogram'; instrument: Histogram };

function instrumentOf(name: string, spec: MetricSpec, registry: Registry): Instrument {
  const common = { name, help: spec.help, labelNames: [...spec.labels, 'service'], registers: [registry] };
  switch (spec.type) {
    case 'counter':
      return { type: 'counter', instrument: new Counter(common) };
    case 'gauge':
      return { type: 'gauge', instrument: new Gauge(common) };
    case 'histogram':
      return {
        type: 'histogram',
        instrument: new Histogram({ ...common, ...(spec.buckets ? { buckets: [...spec.buckets] } : {}) }),
      };
  }
}

/** Registers every metric of contracts' table in a registry of its own.
 *  @param options.process also collects Node's own metrics (memory, event loop, garbage collection) */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const instruments = new Map<string, Instrument>();
  for (const [name, spec] of Object.entries<MetricSpec>(METRICS)) {
    instruments.set(name, instrumentOf(name, spec, registry));
  }
  return {
    meterOf: (service) => new ServiceMeter(service, instruments),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Meter of one service. A metric of another type, an undeclared or a missing label is a mistake in the code
 *  and throws RegularsError INTERNAL. */
class ServiceMeter implements Meter {
  constructor(
    private readonly service: string,
    private readonly instruments: ReadonlyMap<string, Instrument>,
  ) {}

  count(name: MetricName, labels: MetricLabels = {}, increment = 1): void {
    const found = this.find(name, 'counter', labels);
    if (found.type === 'counter') found.instrument.inc({ ...labels, service: this.service }, increment);
  }

  set(name: MetricName, value: number, labels: MetricLabels = {}): void {
    const found = this.find(name, 'gauge', labels);
    if (found.type === 'gauge') found.instrument.set({ ...labels, service: this.service }, value);
  }

  observe(name: MetricName, value: number, labels: MetricLabels = {}): void {
    const found = this.find(name, 'histogram', labels);
    if (found.type === 'histogram') found.instrument.observe({ ...labels, service: this.service }, value);
  }

  private find(name: MetricName, type: Instrument['type'], labels: MetricLabels): Instrument {
    const found = this.instruments.get(name);
    const declared: readonly string[] = METRICS[name]?.labels ?? [];
    const given = Object.keys(labels);
    const fits = given.length === declared.length && declared.every((label) => given.includes(label));
    if (found?.type !== type || !fits) {
      throw new RegularsError('INTERNAL', { metric: name, usedAs: type, labels: given, declared });
    }
    return found;
  }
}

let shared: Metrics | undefined;

/** The metrics that all services of this process share, with Node's own, made on first use. */
export function metricsOfProcess(): Metrics {
  shared ??= createMetrics({ process: true });
  return shared;
}
