import { CustomerId, Instant, TemplateId, ViewQuality } from '@regulars/contracts';
import { z } from 'zod';
import type { Collection, CollectionSpec, DocumentStore } from '../document-store.js';
import { toBytes, toEmbedding } from './embedding-bytes.js';
import type { Keyring } from './keyring.js';

const TemplateDocument = z.strictObject({
  _id: TemplateId,
  customerId: CustomerId,
  /** Recogniser that computed the embedding, as named in models/manifest.json. */
  model: z.string().min(1),
  /** Float32 values, little-endian, sealed by the customer's key. */
  sealedEmbedding: z.instanceof(Uint8Array),
  /** Null for the mean of several views. */
  quality: ViewQuality.nullable(),
  /** Where the view came from: a photograph, or sightings that an operator confirmed. */
  source: z.enum(['photograph', 'sighting']),
  addedAt: Instant,
  /** The template that another recogniser made of the same photograph. */
  twinOf: TemplateId.optional(),
});
type TemplateDocument = z.infer<typeof TemplateDocument>;

export interface Template {
  readonly templateId: string;
  readonly customerId: string;
  readonly model: string;
  readonly embedding: Float32Array;
  /** The template that another recogniser made of the same photograph. */
  readonly twinOf?: string;
}

export interface NewTemplate extends Template {
  readonly quality: ViewQuality | null;
  readonly source: TemplateDocument['source'];
  readonly addedAt: Instant;
}

const TEMPLATES: CollectionSpec = {
  name: 'templates',
  indexes: [
    { name: 'customer', fields: ['customerId', 'model'] },
    { name: 'model', fields: ['model', 'customerId'] },
  ],
};

/** What binds a sealed embedding to its template: it opens nowhere else. */
function purposeOf({ _id, model }: Pick<TemplateDocument, '_id' | 'model'>): string {
  return `template ${model} ${_id}`;
}

function templateOf({ _id, customerId, model, twinOf }: TemplateDocument, bytes: Uint8Array): Template {
  const embedding = toEmbedding(bytes);
  return { templateId: _id, customerId, model, embedding, ...(twinOf === undefined ? {} : { twinOf }) };
}

/** Embeddings of enrolled customers, sealed by each customer's own key. */
export class TemplatesRepository {
  private readonly templates: Collection<TemplateDocument>;

  constructor(
    store: DocumentStore,
    private readonly keyring: Keyring,
  ) {
    this.templates = store.collection(TEMPLATES);
  }

  /** @returns false when this template is there already
   *  @throws RegularsError KEY_DESTROYED when the customer was erased */
  async add(template: NewTemplate): Promise<boolean> {
    const { templateId, embedding, ...rest } = template;
    const purpose = purposeOf({ _id: templateId, model: rest.model });
    const sealedEmbedding = await this.keyring.seal(rest.customerId, purpose, toBytes(embedding));
    return this.templates.insertOnce(TemplateDocument.parse({ _id: templateId, ...rest, sealedEmbedding }));
  }

  /** The customer's templates of one model. @throws RegularsError KEY_DESTROYED while an erasure removes them */
  async ofCustomer(customerId: string, model: string): Promise<Template[]> {
    const { items } = await this.templates.find({ where: { customerId, model }, limit: 1_000 });
    return Promise.all(
      items.map(async (document) => {
        const bytes = await this.keyring.open(customerId, purposeOf(document), document.sealedEmbedding);
        return templateOf(document, bytes);
      }),
    );
  }

  /** All templates of a model, ordered by customer; those of erased customers are left out. */
  async *all(model: string): AsyncGenerator<Template> {
    const opener = await this.keyring.opener();
    for await (const document of this.templates.each({ where: { model }, limit: 1_000 })) {
      const { customerId, sealedEmbedding } = document;
      const bytes = await opener.open(customerId, purposeOf(document), sealedEmbedding);
      if (bytes) yield templateOf(document, bytes);
    }
  }

  /** @returns how many were removed, of all models */
  removeOfCustomer(customerId: string): Promise<number> {
    return this.templates.deleteWhere({ customerId });
  }

  /** Forgets what a recogniser made of everybody. @returns how many were removed */
  removeOfModel(model: string): Promise<number> {
    return this.templates.deleteWhere({ model });
  }

  /** Ids of those who have templates of a recogniser. */
  async customersOf(model: string): Promise<Set<string>> {
    const ids = new Set<string>();
    for await (const { customerId } of this.templates.each({ where: { model }, limit: 1_000 }))
      ids.add(customerId);
    return ids;
  }

  async has(templateId: string): Promise<boolean> {
    return (await this.templates.get(templateId)) !== null;
  }

  /** @param model all models when absent */
  countOfCustomer(customerId: string, model?: string): Promise<number> {
    return this.templates.count(model === undefined ? { customerId } : { customerId, model });
  }

  count(model: string): Promise<number> {
    return this.templates.count({ model });
  }
}
