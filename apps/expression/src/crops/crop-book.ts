import {
  isRegularsError,
  type ExpressionOutcome,
  type FaceCaptured,
  type Telemetry,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { CropsRepository, CustomersRepository } from '@regulars/persistence';

const DAY_MS = 86_400_000;
/** Crops of one second look like those of the next: one in ten seconds of a sighting is kept. */
const PAUSE_MS = 10_000;
/** Crops kept at all: about 40 MB. */
export const MOST_CROPS = 5_000;
const SIGHTINGS_REMEMBERED = 1_024;

interface Books {
  readonly crops: Pick<CropsRepository, 'keep' | 'count' | 'removeOfCustomer'>;
  readonly customers: Pick<CustomersRepository, 'get' | 'isErased'>;
}

/** Keeps some of the crops that were scored, of customers who agreed and for as long as they did, so that operators
 *  can say what they show. Nothing is kept of strangers, of staff, nor where keeping is switched off. */
export class CropBook {
  /** Time of the last crop kept, by sighting. */
  private readonly keptAtMs = new Map<string, number>();

  /** @param days how long a crop is kept; 0: none is */
  constructor(
    private readonly books: Books,
    private readonly days: number,
    private readonly telemetry: Telemetry,
  ) {}

  /** @returns whether the crop was kept
   *  @throws TransientError STORE_UNAVAILABLE */
  async consider(
    { sightingId, cameraId, storeId, capturedAt, identity }: FaceCaptured,
    jpeg: Uint8Array,
    scored: { readonly model: string; readonly outcome: ExpressionOutcome },
  ): Promise<boolean> {
    if (this.days === 0 || identity.kind !== 'identified' || scored.outcome.kind !== 'scored') return false;
    const atMs = Date.parse(capturedAt);
    if (atMs - (this.keptAtMs.get(sightingId) ?? -Infinity) < PAUSE_MS) return false;
    const { customerId } = identity;
    const customer = await this.books.customers.get(customerId);
    const consent = customer?.consent;
    if (!customer || !consent || customer.isStaff) return false;
    const until = new Date(atMs + this.days * DAY_MS).toISOString();
    const expiresAt = consent.until === null || consent.until > until ? until : consent.until;
    if (expiresAt <= capturedAt || (await this.books.crops.count()) >= MOST_CROPS) return false;
    const cropId = idFrom('crp', sightingId, capturedAt);
    const crop = {
      cropId,
      customerId,
      sightingId,
      cameraId,
      storeId,
      capturedAt,
      expiresAt,
      ...scored,
      jpeg,
    };
    return this.keep(crop, atMs);
  }

  private async keep(crop: Parameters<Books['crops']['keep']>[0], atMs: number): Promise<boolean> {
    const { crops, customers } = this.books;
    try {
      if (!(await crops.keep(crop))) return false;
    } catch (error) {
      if (isRegularsError(error) && error.code === 'KEY_DESTROYED') return false;
      throw error;
    }
    // Erased in between: the key is gone and with it the picture; the row goes too.
    if (await customers.isErased(crop.customerId)) {
      await crops.removeOfCustomer(crop.customerId);
      return false;
    }
    this.keptAtMs.delete(crop.sightingId);
    this.keptAtMs.set(crop.sightingId, atMs);
    const [oldest] = this.keptAtMs.keys();
    if (this.keptAtMs.size > SIGHTINGS_REMEMBERED && oldest !== undefined) this.keptAtMs.delete(oldest);
    this.telemetry.meter.count('regulars_crops_kept_total', { result: 'kept' });
    return true;
  }
}
