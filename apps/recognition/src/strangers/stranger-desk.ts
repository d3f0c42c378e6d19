import {
  assertNever,
  type ChangePseudonymRequest,
  GalleryChanged,
  type Instant,
  PseudonymChanged,
  type PseudonymChangeView,
  RegularsError,
  SightingsReassigned,
  type StrangerChanged,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type {
  PassWithEmbedding,
  Pseudonym,
  PseudonymChangesRepository,
  PseudonymsRepository,
  TemplatesRepository,
} from '@regulars/persistence';
import { distanceBetween, refuseTwoPeople } from './stranger-evidence.js';
import type { Strangers } from './strangers.js';

export interface DeskBooks {
  readonly pseudonyms: PseudonymsRepository;
  readonly changes: PseudonymChangesRepository;
  readonly templates: TemplatesRepository;
}

/** What a person is enrolled by who was known by a pseudonym: the newest trusted passes. */
const MOST_TEMPLATES = 5;

/** Does what operators say of strangers: two are one, one is two, one is a customer now, one is to be forgotten.
 *  Each change may be repeated: a change that was interrupted is finished by the same request. */
export class StrangerDesk {
  constructor(
    private readonly books: DeskBooks,
    private readonly strangers: Strangers,
    private readonly publisher: Publisher,
    private readonly recogniser: string,
  ) {}

  /** @throws RegularsError STRANGER_NOT_FOUND, STRANGERS_DIFFER, CHANGE_NOT_REVERSIBLE, REQUEST_INVALID,
   *  KEY_DESTROYED; TransientError STORE_UNAVAILABLE */
  async change({ change }: ChangePseudonymRequest, at: Instant): Promise<StrangerChanged> {
    await this.strangers.settled();
    switch (change.kind) {
      case 'merge':
        return this.merge(change.from, change.into, at);
      case 'split':
        return this.split(change.from, change.sightingIds, at);
      case 'promote':
        return this.promote(change.from, change.into, at);
      case 'erase':
        return this.erase(change.from, at);
      case 'undo':
        return this.undo(change.changeId, at);
      default:
        return assertNever(change);
    }
  }

  private async merge(fromId: string, intoId: string, at: Instant): Promise<StrangerChanged> {
    if (fromId === intoId) throw new RegularsError('REQUEST_INVALID', { into: 'is the same pseudonym' });
    const [from, into] = [await this.known(fromId), await this.known(intoId)];
    const [moved, others] = [
      await this.books.pseudonyms.opened(fromId),
      await this.books.pseudonyms.opened(intoId),
    ];
    refuseTwoPeople(from, into, moved, others);
    const distance = distanceBetween(moved, others);
    const kept = await this.keep({
      kind: 'merge',
      at,
      from: fromId,
      into: intoId,
      moved,
      distance,
      storeId: from.storeId,
    });
    await this.move(moved, from, into, at);
    return { changeId: kept.changeId, into: intoId, sightings: moved.length, templates: 0 };
  }

  private async split(fromId: string, sightingIds: readonly string[], at: Instant): Promise<StrangerChanged> {
    const from = await this.known(fromId);
    const all = await this.books.pseudonyms.opened(fromId);
    const moved = all.filter(({ sightingId }) => sightingIds.includes(sightingId));
    const missing = sightingIds.filter((id) => moved.every(({ sightingId }) => sightingId !== id));
    if (missing.length > 0)
      throw new RegularsError('REQUEST_INVALID', { sightingIds: 'not all are of this stranger' });
    if (moved.length === all.length)
      throw new RegularsError('REQUEST_INVALID', { sightingIds: 'at least one must stay' });
    const rest = all.filter((pass) => !moved.includes(pass));
    const intoId = idFrom('pse', from.storeId, fromId, at, ...sightingIds);
    const distance = distanceBetween(moved, rest);
    const kept = await this.keep({
      kind: 'split',
      at,
      from: fromId,
      into: intoId,
      moved,
      distance,
      storeId: from.storeId,
    });
    await this.move(moved, from, { ...from, pseudonymId: intoId }, at);
    return { changeId: kept.changeId, into: intoId, sightings: moved.length, templates: 0 };
  }

  private async undo(changeId: string, at: Instant): Promise<StrangerChanged> {
    const known = await this.books.changes.get(changeId);
    const gone = new RegularsError('CHANGE_NOT_REVERSIBLE', { changeId });
    if (known === null || known.undoneAt !== null || known.kind === 'promote') throw gone;
    const holder = await this.books.pseudonyms.get(known.into);
    if (holder === null) throw gone;
    const all = await this.books.pseudonyms.opened(known.into);
    const moved = all.filter(({ sightingId }) => known.sightingIds.includes(sightingId));
    if (moved.length === 0) throw gone;
    await this.move(moved, holder, { ...holder, pseudonymId: known.from }, at);
    await this.books.changes.markUndone(changeId, at);
    return { changeId, into: known.from, sightings: moved.length, templates: 0 };
  }

  private async promote(fromId: string, customerId: string, at: Instant): Promise<StrangerChanged> {
    const from = await this.known(fromId);
    const passes = await this.books.pseudonyms.opened(fromId);
    const best = passes
      .filter(({ isTrusted, model }) => isTrusted && model === this.recogniser)
      .slice(-MOST_TEMPLATES);
    for (const pass of best) await this.enrol(pass, customerId, at);
    const kept = await this.keep({
      kind: 'promote',
      at,
      from: fromId,
      into: customerId,
      moved: passes,
      distance: null,
      storeId: from.storeId,
    });
    const visitor = { kind: 'customer', customerId } as const;
    await this.reassign(from.storeId, passes, visitor, at);
    await this.books.pseudonyms.remove([fromId], at);
    this.strangers.end(fromId);
    await this.tell(from, 'removed', at);
    const templates = await this.books.templates.countOfCustomer(customerId, this.recogniser);
    await this.publisher.publish(GalleryChanged, { customerId, change: 'added', templates, changedAt: at });
    return { changeId: kept.changeId, into: customerId, sightings: passes.length, templates: best.length };
  }

  private async erase(pseudonymId: string, at: Instant): Promise<StrangerChanged> {
    const known = await this.known(pseudonymId);
    const sightings = await this.books.pseudonyms.countPasses(pseudonymId);
    this.strangers.end(pseudonymId);
    await this.books.pseudonyms.remove([pseudonymId], at);
    await this.tell(known, 'removed', at);
    return { changeId: null, into: null, sightings, templates: 0 };
  }

  private enrol(
    { sightingId, embedding, model }: PassWithEmbedding,
    customerId: string,
    at: Instant,
  ): Promise<boolean> {
    return this.books.templates.add({
      templateId: idFrom('tpl', customerId, model, sightingId),
      customerId,
      model,
      embedding,
      quality: null,
      source: 'sighting',
      addedAt: at,
    });
  }

  /** Gives passes to another pseudonym; the one that they leave ends when nothing is left of it. */
  private async move(
    moved: readonly PassWithEmbedding[],
    from: Pseudonym,
    into: Pseudonym,
    at: Instant,
  ): Promise<void> {
    const { pseudonymId } = into;
    for (const pass of moved)
      await this.books.pseudonyms.join({ ...pass, pseudonymId, distance: null }, into.kind);
    await this.reassign(from.storeId, moved, { kind: 'pseudonym', pseudonymId }, at);
    const isEmpty = (await this.books.pseudonyms.countPasses(from.pseudonymId)) === 0;
    if (isEmpty) await this.books.pseudonyms.endWithout(from.pseudonymId);
    for (const one of [from, into]) {
      await this.strangers.read(one.pseudonymId);
      await this.tell(one, 'seen', at);
    }
  }

  private async reassign(
    storeId: string,
    passes: readonly PassWithEmbedding[],
    visitor: SightingsReassigned['visitor'],
    reassignedAt: Instant,
  ): Promise<void> {
    const sightingIds = passes.map(({ sightingId }) => sightingId);
    await this.publisher.publish(SightingsReassigned, { storeId, sightingIds, visitor, reassignedAt });
  }

  private async tell(
    { pseudonymId, storeId }: Pseudonym,
    change: PseudonymChanged['change'],
    changedAt: Instant,
  ) {
    await this.publisher.publish(PseudonymChanged, { pseudonymId, storeId, change, changedAt });
  }

  private async known(pseudonymId: string): Promise<Pseudonym> {
    const known = await this.books.pseudonyms.get(pseudonymId);
    if (known === null) throw new RegularsError('STRANGER_NOT_FOUND', { pseudonymId });
    return known;
  }

  private async keep(
    change: Pick<PseudonymChangeView, 'kind' | 'at' | 'from' | 'into' | 'distance' | 'storeId'> & {
      moved: readonly PassWithEmbedding[];
    },
  ): Promise<PseudonymChangeView> {
    const { moved, ...rest } = change;
    const sightingIds = moved.map(({ sightingId }) => sightingId);
    const changeId = idFrom('pch', rest.kind, rest.from, rest.into, rest.at);
    const kept = { ...rest, changeId, sightingIds, undoneAt: null };
    await this.books.changes.keep(kept);
    return kept;
  }
}
