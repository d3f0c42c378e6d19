import { relative, resolve } from 'node:path';
import { ROOT } from '../root.js';
import { DatasetError } from './dataset-error.js';

/** Where something that shows faces is to be written: they have no place in the checkout.
 *  @throws DatasetError OUT_INSIDE */
export function outsideOfCheckout(out: string): string {
  const path = resolve(out);
  const inside = relative(ROOT, path);
  if (inside !== '' && (inside.startsWith('..') || resolve(inside) === inside)) return path;
  throw new DatasetError(
    'OUT_INSIDE',
    '--out',
    `${out} lies in the checkout`,
    'Name a folder elsewhere: the report shows faces.',
  );
}
