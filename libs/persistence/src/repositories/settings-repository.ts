import type { z } from 'zod';
import type { Collection, CollectionSpec, Document, DocumentStore } from '../document-store.js';

interface SettingDocument extends Document {
  readonly value: unknown;
}

const SETTINGS: CollectionSpec = { name: 'settings', indexes: [] };

/** Single values of the installation or of a service, by name, e.g. `analytics.time.main`. */
export class SettingsRepository {
  private readonly settings: Collection<SettingDocument>;

  constructor(store: DocumentStore) {
    this.settings = store.collection(SETTINGS);
  }

  /** @returns null when it was never set
   *  @throws ZodError when the stored value has another form */
  async get<Schema extends z.ZodType>(name: string, schema: Schema): Promise<z.infer<Schema> | null> {
    const document = await this.settings.get(name);
    return document && schema.parse(document.value);
  }

  async set(name: string, value: unknown): Promise<void> {
    await this.settings.put({ _id: name, value });
  }

  /** Sets it to the larger of what it is and this, at once for all processes: a high-water mark.
   *  @returns what it is now */
  async raise<Value extends string | number>(name: string, value: Value): Promise<Value> {
    const document = await this.settings.update(name, { max: { value } }, { insert: {} });
    return (document?.value ?? value) as Value;
  }
}
