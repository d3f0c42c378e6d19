import { CropView, Instant, type SatisfactionClass } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore, Page } from '../document-store.js';
import type { Keyring } from './keyring.js';

const CropDocument = z.strictObject({
  ...CropView.omit({ cropId: true }).shape,
  _id: CropView.shape.cropId,
  isCorrected: z.boolean(),
  correctedAt: Instant.nullable(),
  /** JPEG, sealed by the customer's key. */
  sealedJpeg: z.instanceof(Uint8Array),
});
type CropDocument = z.infer<typeof CropDocument>;

export interface NewCrop extends Omit<CropView, 'correction'> {
  readonly jpeg: Uint8Array;
}

/** A corrected crop with its picture. */
export interface CorrectedCrop {
  readonly crop: CropView & { readonly correction: SatisfactionClass };
  readonly jpeg: Uint8Array;
}

const CROPS: CollectionSpec = {
  name: 'crops',
  indexes: [
    { name: 'captured', fields: ['capturedAt'] },
    { name: 'expires', fields: ['expiresAt'] },
    { name: 'customer', fields: ['customerId', 'capturedAt'] },
    { name: 'corrected', fields: ['isCorrected', 'capturedAt'] },
  ],
};

function viewOf(document: CropDocument): CropView {
  const { _id, sealedJpeg: _sealed, isCorrected: _is, correctedAt: _at, ...rest } = document;
  return { cropId: _id, ...rest };
}

const purposeOf = (cropId: string) => `crop ${cropId}`;

/** Crops of customers who agreed, for operators to say what they show. */
export class CropsRepository {
  private readonly crops: Collection<CropDocument>;

  constructor(
    store: DocumentStore,
    private readonly keyring: Keyring,
  ) {
    this.crops = store.collection(CROPS);
  }

  /** @returns false when this crop is there already
   *  @throws RegularsError KEY_DESTROYED when the customer was erased */
  async keep({ cropId, jpeg, ...rest }: NewCrop): Promise<boolean> {
    const sealedJpeg = await this.keyring.seal(rest.customerId, purposeOf(cropId), jpeg);
    const state = { correction: null, isCorrected: false, correctedAt: null };
    return this.crops.insertOnce(CropDocument.parse({ _id: cropId, ...rest, ...state, sealedJpeg }));
  }

  /** The newest first. @throws RegularsError REQUEST_INVALID for a foreign cursor */
  async list(at: Instant, page: { limit: number; cursor?: string | undefined }): Promise<Page<CropView>> {
    const sort = [['capturedAt', 'desc']] as const;
    const { limit, cursor } = page;
    const filter = { expiresAt: { gt: at } };
    const { items, nextCursor } = await this.crops.find({
      sort,
      filter,
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return { items: items.map(viewOf), nextCursor };
  }

  /** @returns the picture; null when there is no such crop, it has expired or its customer was erased */
  async picture(cropId: string, at: Instant): Promise<Uint8Array | null> {
    const document = await this.crops.get(cropId);
    if (document === null || document.expiresAt <= at) return null;
    const opener = await this.keyring.opener();
    return opener.open(document.customerId, purposeOf(cropId), document.sealedJpeg);
  }

  /** Notes what an operator says; null takes it back.
   *  @returns null when there is no such crop any more */
  async correct(cropId: string, correction: SatisfactionClass | null, at: Instant): Promise<CropView | null> {
    const isCorrected = correction !== null;
    const set = { correction, isCorrected, correctedAt: isCorrected ? at : null };
    const changed = await this.crops.update(cropId, { set }, { where: { expiresAt: { gt: at } } });
    return changed && viewOf(changed);
  }

  count(): Promise<number> {
    return this.crops.count({});
  }

  countCorrected(): Promise<number> {
    return this.crops.count({ isCorrected: true });
  }

  /** Corrected crops with their pictures, the oldest first; those of erased customers are left out. */
  async *corrected(at: Instant): AsyncGenerator<CorrectedCrop> {
    const opener = await this.keyring.opener();
    for await (const document of this.crops.each({ where: { isCorrected: true }, limit: 200 })) {
      const { correction, ...view } = viewOf(document);
      if (correction === null || document.expiresAt <= at) continue;
      const jpeg = await opener.open(view.customerId, purposeOf(view.cropId), document.sealedJpeg);
      if (jpeg) yield { crop: { ...view, correction }, jpeg };
    }
  }

  remove(cropId: string): Promise<boolean> {
    return this.crops.delete(cropId);
  }

  /** A consent that ends earlier takes its crops with it.
   *  @returns how many are gone at once */
  async endBy(customerId: string, until: Instant): Promise<void> {
    for await (const { _id } of this.crops.each({ where: { customerId }, limit: 200 })) {
      await this.crops.update(_id, { min: { expiresAt: until } });
    }
  }

  /** @returns how many */
  deleteExpired(at: Instant): Promise<number> {
    return this.crops.deleteWhere({ expiresAt: { lte: at } });
  }

  countOfCustomer(customerId: string): Promise<number> {
    return this.crops.count({ customerId });
  }

  /** Erasure. @returns how many */
  removeOfCustomer(customerId: string): Promise<number> {
    return this.crops.deleteWhere({ customerId });
  }
}
