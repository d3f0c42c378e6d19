import type { mongo } from 'mongoose';
import { assertIndexable, assertIndexableSteps, stepsOf, type Step } from '../change.js';
import type { Change, CollectionSpec } from '../document-store.js';
import { toStored } from '../values.js';
import { isDuplicate, isDuplicateKey } from './mongo-errors.js';
import { fromMongo, updateOf, type Stored } from './translate.js';

/** The server gives up after this time; every query of ours reads one range of an index. */
export const BOUNDED = { maxTimeMS: 10_000 } as const;

export function checkedDocument(spec: CollectionSpec, document: object): Stored {
  const stored = toStored(document) as Stored;
  assertIndexable(spec, stored);
  return stored;
}

export function checkedSteps(spec: CollectionSpec, change: Change): Step[] {
  const steps = stepsOf(change);
  assertIndexableSteps(spec, steps);
  return steps;
}

/** @returns false when the key, or a value of a unique index, is held */
export async function insertOnce(collection: mongo.Collection<Stored>, document: Stored): Promise<boolean> {
  try {
    await collection.insertOne(document);
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** @returns false when the key is held; a held value of a unique index is an error */
export async function insertKey(collection: mongo.Collection<Stored>, document: Stored): Promise<boolean> {
  try {
    await collection.insertOne(document);
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/** @returns the document after the steps, or null when the filter finds none */
export async function changeDocument(
  collection: mongo.Collection<Stored>,
  filter: mongo.Filter<Stored>,
  steps: readonly Step[],
): Promise<unknown> {
  if (steps.length === 0) return fromMongo(await collection.findOne(filter, BOUNDED));
  const options = { ...BOUNDED, returnDocument: 'after' } as const;
  return fromMongo(await collection.findOneAndUpdate(filter, updateOf(steps), options));
}
