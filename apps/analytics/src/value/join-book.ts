import type { SaleJoinCorrected, Telemetry, VisitEnded } from '@regulars/contracts';
import type {
  CustomersRepository,
  LedgerEntry,
  SaleCorrection,
  SaleLink,
  SaleLinksRepository,
  SightingsRepository,
  TillCamerasRepository,
  VisitsRepository,
} from '@regulars/persistence';
import { isSame } from '../documents.js';
import { plusMs, toInstant } from '../instants.js';
import { persist } from '../persist.js';
import { buyersOf, JOIN_FORMULA, REACH_MS, SURE, type Bystander } from './joins.js';

/** What a join is decided from. */
export interface Witnesses {
  readonly links: SaleLinksRepository;
  readonly sightings: SightingsRepository;
  readonly visits: VisitsRepository;
  readonly customers: CustomersRepository;
  readonly tills: TillCamerasRepository;
}

/** Somebody may stand at a till for this long. */
const LONGEST_STAY_MS = 30 * 60_000;
/** A sighting that has not ended is taken to go on for so long after its last evidence. */
const STILL_THERE_MS = 5 * 60_000;

/** Joins sales to the visits that stood at their tills, and decides anew when visits change. What an operator said
 *  stands above all evidence. */
export class JoinBook {
  constructor(
    private readonly witnesses: Witnesses,
    private readonly clock: () => number,
    private readonly telemetry: Telemetry,
  ) {}

  /** Decides and keeps it.
   *  @returns whether the join changed */
  decide(sale: LedgerEntry): Promise<boolean> {
    return persist(sale.entryId, async () => {
      const { links } = this.witnesses;
      const stored = await links.get(sale.entryId);
      const correction = stored && (await links.corrections.of(sale.entryId));
      const found = await this.find(sale, correction);
      if (stored === null && found.visitId === null && found.probability === 0) return false;
      const link: SaleLink = {
        saleId: sale.entryId,
        storeId: sale.storeId,
        soldAt: sale.occurredAt,
        ...found,
        formula: JOIN_FORMULA,
        decidedAt: toInstant(this.clock()),
      };
      if (stored && isSame({ ...stored.link, decidedAt: link.decidedAt }, link)) return false;
      await links.save(link, stored?.revision ?? null);
      this.measure(sale, link);
      return true;
    });
  }

  /** Keeps what an operator said, once however often it comes; to be decided and settled after it. */
  async keep(correction: SaleJoinCorrected): Promise<void> {
    const { links, customers } = this.witnesses;
    const owner = correction.instead?.customerId ?? null;
    const isErased = owner !== null && (await customers.isErased(owner));
    if (!(await links.corrections.keep(isErased ? { ...correction, instead: null } : correction))) return;
    const said = correction.instead === null ? 'denied' : 'assigned';
    const kind = correction.kind === 'withdrawn' ? 'withdrawn' : said;
    const labels = { store: correction.storeId, kind };
    this.telemetry.meter.count('regulars_sale_corrections_total', labels);
  }

  /** Sales that a visit may have been there for, by the time of the visit. */
  timeAround({ startedAt, endedAt }: Pick<VisitEnded, 'startedAt' | 'endedAt'>) {
    return { from: plusMs(startedAt, -REACH_MS), to: plusMs(endedAt, REACH_MS) };
  }

  private async find(
    sale: LedgerEntry,
    correction: SaleCorrection | null,
  ): Promise<Pick<SaleLink, 'visitId' | 'customerId' | 'probability' | 'isSure'>> {
    const { namedCustomerId, storeId, occurredAt } = sale;
    const denied = correction?.notCustomerIds ?? [];
    const instead = correction?.instead ?? null;
    if (instead !== null) {
      const { customerId } = instead;
      const visitId =
        instead.visitId ?? (customerId && (await this.visitOf(storeId, customerId, occurredAt)));
      return { visitId, customerId, probability: 1, isSure: true };
    }
    if (namedCustomerId !== null && !denied.includes(namedCustomerId)) {
      const visitId = await this.visitOf(storeId, namedCustomerId, occurredAt);
      const isFound = visitId !== null;
      return { visitId, customerId: namedCustomerId, probability: isFound ? 1 : 0, isSure: isFound };
    }
    const all = await this.bystanders(sale);
    const bystanders = all.filter(({ visitorKey }) => !denied.includes(visitorKey));
    const [best] = buyersOf(bystanders, Date.parse(occurredAt));
    if (best === undefined) return { visitId: null, customerId: null, probability: 0, isSure: false };
    const { visitorKey, probability } = best;
    return {
      visitId: await this.visitOf(storeId, visitorKey, occurredAt),
      customerId: (await this.mayCount(visitorKey, occurredAt)) ? visitorKey : null,
      probability,
      isSure: probability >= SURE,
    };
  }

  private async bystanders({ storeId, tillId, occurredAt }: LedgerEntry): Promise<Bystander[]> {
    if (tillId === null) return [];
    const { sightings, tills } = this.witnesses;
    const time = { from: plusMs(occurredAt, -LONGEST_STAY_MS), to: plusMs(occurredAt, REACH_MS) };
    const earliest = plusMs(occurredAt, -REACH_MS);
    const found: Bystander[] = [];
    for (const cameraId of await tills.at(storeId, tillId)) {
      for await (const { sighting, visitorKey } of sightings.ofCamera(cameraId, time)) {
        const { sightingId, startedAt, lastSeenAt, hasEnded } = sighting;
        const until = Math.min(this.clock(), Date.parse(lastSeenAt) + STILL_THERE_MS);
        const toMs = hasEnded ? Date.parse(lastSeenAt) : Math.max(until, Date.parse(lastSeenAt));
        if (toInstant(toMs) < earliest) continue;
        found.push({ visitorKey: visitorKey ?? sightingId, fromMs: Date.parse(startedAt), toMs });
      }
    }
    return found;
  }

  private async visitOf(storeId: string, visitorKey: string, soldAt: string): Promise<string | null> {
    const time = { from: plusMs(soldAt, -LONGEST_STAY_MS), to: plusMs(soldAt, REACH_MS) };
    const visits = await this.witnesses.visits.ofVisitor(storeId, visitorKey, time);
    const counting = visits.map(({ visit }) => visit).filter(({ merged }) => merged === null);
    const gap = (visit: (typeof counting)[number]) =>
      Math.max(
        0,
        Date.parse(visit.startedAt) - Date.parse(soldAt),
        Date.parse(soldAt) - Date.parse(visit.lastSeenAt),
      );
    const [nearest] = counting.sort((one, other) => gap(one) - gap(other));
    return nearest?.visitId ?? null;
  }

  /** Purchases are only added to customers who agreed to be recognised. */
  private async mayCount(visitorKey: string, soldAt: string): Promise<boolean> {
    if (!visitorKey.startsWith('cus_')) return false;
    const customer = await this.witnesses.customers.get(visitorKey);
    const consent = customer?.consent ?? null;
    return consent !== null && (consent.until === null || consent.until >= soldAt);
  }

  private measure({ storeId: store, namedCustomerId }: LedgerEntry, { isSure, visitId }: SaleLink): void {
    if (namedCustomerId !== null) return;
    const result = isSure ? 'joined' : visitId === null ? 'nobody' : 'unsure';
    this.telemetry.meter.count('regulars_sale_joins_total', { store, result });
  }
}
