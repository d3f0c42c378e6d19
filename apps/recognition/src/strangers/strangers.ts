import type { CameraMode, Meter, Telemetry } from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { PseudonymKind } from '@regulars/persistence';
import {
  type CrowdingOf,
  type JoinedPass,
  type LinkRule,
  linkRule,
  StrangerPool,
  type StrangerPass,
} from '@regulars/vision';
import type { Belonging, StrangerShelf } from './stranger-shelf.js';
import { WriteQueue } from './write-queue.js';

/** Where a pass is. */
export interface PassPlace {
  readonly cameraId: string;
  readonly storeId: string;
  readonly mode: CameraMode;
}

/** What a camera's session asks of strangers. */
export interface StrangerNames {
  name(pass: StrangerPass, place: PassPlace, isLast: boolean): string | null;
  withdraw(sightingId: string): void;
  pseudonymOf(sightingId: string): string | null;
}

/** Where nobody is known again. */
export const NO_STRANGERS: StrangerNames = {
  name: () => null,
  withdraw: () => {},
  pseudonymOf: () => null,
};

/** How two strangers are compared. */
export interface StrangerScoring {
  /** Distance at or below which a share of the comparisons of two people lies. */
  readonly distanceAtRate: (rate: number) => number;
  readonly crowdingOf?: CrowdingOf;
}

/** Which kind of pseudonym a camera may give; null: none. */
export function pseudonymKindOf(mode: CameraMode): PseudonymKind | null {
  return mode === 'day' || mode === 'returning' ? mode : null;
}

/** Ended pseudonyms that are remembered. */
const MOST_ENDED = 10_000;

const first = (ids: ReadonlySet<string>): string => ids.values().next().value as string;
const poolKeyOf = ({ storeId, kind }: Pick<Belonging, 'storeId' | 'kind'>) => `${storeId}/${kind}`;

/** Knows strangers again, by pseudonym. Decides in memory at once, so that no frame waits for the store, and writes
 *  after. Every worker reads what the others wrote when it hears of it. */
export class Strangers implements StrangerNames {
  private readonly pools = new Map<string, StrangerPool>();
  /** Of each pass: whose it is. */
  private readonly belongings = new Map<string, Belonging>();
  private readonly known = new Map<string, Belonging>();
  /** Named while everything is being read: what was read of them is older. */
  private touched = new Set<string>();
  /** Ended ones, so that what is still before a camera does not bring them back. */
  private readonly ended = new Set<string>();
  private readonly writes: WriteQueue;
  private readonly meter: Meter;

  constructor(
    private readonly shelf: StrangerShelf,
    private readonly scoring: StrangerScoring,
    telemetry: Telemetry,
  ) {
    this.writes = new WriteQueue(telemetry.log);
    this.meter = telemetry.meter;
  }

  /** Reads all that is stored. @throws TransientError STORE_UNAVAILABLE */
  async readAll(): Promise<void> {
    await this.writes.settled();
    this.touched = new Set();
    const stored = await this.shelf.readAll();
    const isStored = new Set(stored.map(({ belonging }) => belonging.pseudonymId));
    for (const pseudonymId of [...this.known.keys()])
      if (!isStored.has(pseudonymId) && !this.touched.has(pseudonymId)) this.forget(pseudonymId);
    for (const { belonging, passes } of stored)
      if (!this.touched.has(belonging.pseudonymId)) this.learn(belonging, passes);
    this.show();
  }

  /** Who a stranger's pass shows, so far as was seen of it: somebody known by a pseudonym, or somebody who gets one
   *  now. Asked again with more views of the same pass, the answer may be another; it then takes the place of the
   *  earlier one.
   *  @param isLast the pass is over
   *  @returns null where the mode allows no pseudonym, or too little was seen */
  name(pass: StrangerPass, place: PassPlace, isLast: boolean): string | null {
    const kind = pseudonymKindOf(place.mode);
    if (kind === null) return null;
    const { storeId, cameraId } = place;
    const before = this.belongings.get(pass.sightingId) ?? null;
    // A pass is compared with what others say of a stranger, not with itself.
    if (before) this.poolOf(before).leave(before.pseudonymId, pass.sightingId);
    const pool = this.poolOf({ storeId, kind });
    const link = pool.link(pass, this.ruleFor(pool));
    if (isLast) this.meter.count('regulars_stranger_passes_total', { camera: cameraId, result: link.kind });
    if (link.kind === 'unclear') {
      this.withdraw(pass.sightingId);
      return null;
    }
    const isAgain = link.kind === 'again';
    const pseudonymId = isAgain ? link.pseudonymId : idFrom('pse', storeId, pass.sightingId);
    if (this.ended.has(pseudonymId)) {
      this.withdraw(pass.sightingId);
      return null;
    }
    const { apart: _apart, isClear: _isClear, ...seen } = pass;
    const distance = isAgain ? link.distance : null;
    const joined: JoinedPass = {
      ...seen,
      distance,
      isTrusted: !isAgain || link.isTrusted,
      look: isAgain ? link.look : pseudonymId,
    };
    const belonging = { pseudonymId, storeId, kind };
    pool.join(pseudonymId, joined);
    this.known.set(pseudonymId, belonging);
    this.touched.add(pseudonymId);
    this.belongings.set(pass.sightingId, belonging);
    const left = before !== null && before.pseudonymId !== pseudonymId ? before.pseudonymId : null;
    this.writes.add(() => this.shelf.join(joined, belonging, left));
    if (left !== null) this.dropIfEmpty(left);
    this.show();
    return pseudonymId;
  }

  /** A sighting that was named turned out to show a customer: what was kept of it goes. */
  withdraw(sightingId: string): void {
    const belonging = this.belongings.get(sightingId);
    if (belonging === undefined) return;
    this.belongings.delete(sightingId);
    this.poolOf(belonging).leave(belonging.pseudonymId, sightingId);
    this.dropIfEmpty(belonging.pseudonymId);
    this.writes.add(() => this.shelf.leave(sightingId, belonging));
    this.show();
  }

  pseudonymOf(sightingId: string): string | null {
    return this.belongings.get(sightingId)?.pseudonymId ?? null;
  }

  /** Reads one pseudonym anew: another worker saw it, or an operator changed it. */
  async read(pseudonymId: string): Promise<void> {
    await this.writes.settled();
    if (this.writes.length > 0) return; // What is known here is newer than the store.
    const stored = await this.shelf.read(pseudonymId);
    if (stored === null) this.forget(pseudonymId);
    else this.learn(stored.belonging, stored.passes);
    this.show();
  }

  /** It ended: its time was over, or an operator erased it. */
  end(pseudonymId: string): void {
    this.forget(pseudonymId);
    this.ended.add(pseudonymId);
    if (this.ended.size > MOST_ENDED) this.ended.delete(first(this.ended));
    this.show();
  }

  private forget(pseudonymId: string): void {
    const belonging = this.known.get(pseudonymId);
    if (belonging === undefined) return;
    this.learn(belonging, []);
    this.known.delete(pseudonymId);
  }

  /** Those among whom a pseudonym is; null when it is not known here. */
  poolWith(pseudonymId: string): StrangerPool | null {
    const belonging = this.known.get(pseudonymId);
    return belonging ? this.poolOf(belonging) : null;
  }

  /** Resolves when what was said so far is stored, or could not be. */
  settled(): Promise<void> {
    return this.writes.settled();
  }

  private ruleFor(pool: StrangerPool): LinkRule {
    return linkRule(pool.size, this.scoring.distanceAtRate);
  }

  private poolOf(of: Pick<Belonging, 'storeId' | 'kind'>): StrangerPool {
    const key = poolKeyOf(of);
    const pool = this.pools.get(key) ?? new StrangerPool(this.scoring.crowdingOf);
    this.pools.set(key, pool);
    return pool;
  }

  private learn(belonging: Belonging, passes: readonly JoinedPass[]): void {
    const { pseudonymId } = belonging;
    const pool = this.poolOf(belonging);
    for (const { sightingId } of pool.passesOf(pseudonymId)) {
      if (this.pseudonymOf(sightingId) === pseudonymId) this.belongings.delete(sightingId);
    }
    pool.replace(pseudonymId, passes);
    this.known.set(pseudonymId, belonging);
    for (const { sightingId } of passes) this.belongings.set(sightingId, belonging);
  }

  private dropIfEmpty(pseudonymId: string): void {
    if ((this.poolWith(pseudonymId)?.passesOf(pseudonymId).length ?? 0) === 0) this.known.delete(pseudonymId);
  }

  private show(): void {
    const counts = { day: 0, returning: 0 };
    for (const { kind } of this.known.values()) counts[kind] += 1;
    for (const [kind, count] of Object.entries(counts))
      this.meter.set('regulars_pseudonyms', count, { kind });
  }
}
