import type { CollectionSpec } from './document-store.js';
import { invalid } from './values.js';

/** The one spec of a collection's name, noted at its first use.
 *  @throws RegularsError DOCUMENT_INVALID when the name stands for two different specs */
export function declared(specs: Map<string, CollectionSpec>, spec: CollectionSpec): CollectionSpec {
  const known = specs.get(spec.name);
  if (known === undefined) {
    specs.set(spec.name, spec);
    return spec;
  }
  if (JSON.stringify(known.indexes) !== JSON.stringify(spec.indexes)) {
    throw invalid(spec.name, 'the collection is declared twice, with different indexes');
  }
  return known;
}
