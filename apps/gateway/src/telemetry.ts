/** Token under which Nest finds the service's Telemetry. */
export const TELEMETRY = Symbol('Telemetry');
