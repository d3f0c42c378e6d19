import type { Telemetry } from '@regulars/contracts';
import type { Environment } from './environment.js';

/** What a service is made from; the broker and the store come from other libs, so their types are open here. */
export interface ServiceParts<Broker, Store> {
  readonly environment: Environment;
  readonly telemetry: Telemetry;
  readonly broker: Broker;
  readonly store: Store;
}

export interface RunningService {
  /** What is wrong now, by dependency; empty when the service can do its work. */
  faults(): Promise<Readonly<Record<string, string>>>;
  /** Takes nothing new, finishes what is in hand, closes. */
  stop(): Promise<void>;
}
