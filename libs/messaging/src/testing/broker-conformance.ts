import type { OpenRig } from './rig.js';
import { commandsConformance } from './commands-conformance.js';
import { newestConformance } from './newest-conformance.js';
import { workConformance } from './work-conformance.js';

/** What every broker must do. */
export function brokerConformance(name: string, open: OpenRig): void {
  workConformance(name, open);
  newestConformance(name, open);
  commandsConformance(name, open);
}
