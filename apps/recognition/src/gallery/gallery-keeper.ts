import { messageOf, type Telemetry } from '@regulars/contracts';
import type { TemplatesRepository } from '@regulars/persistence';
import type { Gallery, GalleryTemplate } from './gallery.js';

/** A broadcast may be lost while the broker is away: so often the store is asked whether something changed, and
 *  every so many times it is read wholly. */
const CHECK_MS = 60_000;
const CHECKS_PER_FULL_READ = 10;

/** Keeps the gallery in step with the store. */
export class GalleryKeeper {
  private timer: NodeJS.Timeout | null = null;
  private checks = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly gallery: Gallery,
    private readonly templates: TemplatesRepository,
    private readonly model: string,
    private readonly telemetry: Telemetry,
  ) {}

  /** Reads all templates and begins to look for changes.
   *  @throws TransientError STORE_UNAVAILABLE */
  async open(): Promise<void> {
    await this.readAll();
    this.timer = setInterval(() => void this.check(), CHECK_MS);
    this.timer.unref();
  }

  /** Reads one customer's templates anew. */
  readCustomer(customerId: string): Promise<void> {
    return this.inTurn(async () => {
      const templates = await this.templates.ofCustomer(customerId, this.model);
      this.gallery.replace(customerId, templates);
      this.show();
    });
  }

  /** Forgets an erased customer at once, whether or not the store can be asked, and once more when what is being
   *  read now has been read. */
  forget(customerId: string): Promise<void> {
    const drop = () => {
      this.gallery.replace(customerId, []);
      this.show();
    };
    drop();
    return this.inTurn(async () => drop());
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.last;
  }

  private async check(): Promise<void> {
    this.checks += 1;
    try {
      const stored = await this.templates.count(this.model);
      if (stored === this.gallery.templates && this.checks % CHECKS_PER_FULL_READ !== 0) return;
      await this.readAll();
    } catch (error) {
      this.telemetry.log.warn({ reason: messageOf(error) }, 'gallery could not be compared with the store');
    }
  }

  private readAll(): Promise<void> {
    return this.inTurn(async () => {
      const all: GalleryTemplate[] = [];
      for await (const template of this.templates.all(this.model)) all.push(template);
      const changed = this.gallery.replaceAll(all);
      this.show();
      const { templates, customers } = this.gallery;
      if (changed) this.telemetry.log.info({ templates, customers }, 'gallery read');
    });
  }

  /** One reading at a time, so that an older one never overwrites a newer. */
  private inTurn(read: () => Promise<void>): Promise<void> {
    const done = this.last.then(read);
    this.last = done.catch(() => undefined);
    return done;
  }

  private show(): void {
    this.telemetry.meter.set('regulars_gallery_templates', this.gallery.templates, { model: this.model });
  }
}
