import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImportOptions, messageOf, RegularsError, SalesImported, type Telemetry } from '@regulars/contracts';
import { idFrom, newId } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import {
  type CustomersRepository,
  HISTORY_CHUNK,
  type ImportRecord,
  type ImportsRepository,
  MANY_ROWS,
  type SalesRepository,
} from '@regulars/persistence';
import { requestInvalid } from '../http/validation.js';
import type { LiveStream } from '../live/live-stream.js';
import { announceCustomers } from '../sales/sales-desk.js';
import { checkFile } from './import-check.js';
import { hashOfFile, salesOfFile } from './import-file.js';
import type { ImportedSale } from './import-layouts.js';
import { ImportedRecords } from './imported-records.js';

/** Of a chunk, so many whose customers are looked up, made and told of at once. */
const SLICE = 1_000;
const TELL_EVERY_MS = 1_000;
export const UPLOAD_PREFIX = 'upload-';

export interface ImporterSettings {
  /** Where files wait until they are imported; they are removed afterwards. */
  readonly folder: string;
  readonly timeZone: string;
  readonly shopCurrency: string;
}

interface Stores {
  readonly imports: ImportsRepository;
  readonly sales: SalesRepository;
  readonly customers: CustomersRepository;
  readonly publisher: Publisher;
}

/** Imports files of history, one at a time. A file is checked as a whole first; an import that was cut short goes
 *  on at the next start where it was. */
export class Importer {
  private running: Promise<void> | null = null;
  private isStopped = false;

  constructor(
    private readonly settings: ImporterSettings,
    private readonly stores: Stores,
    private readonly stream: LiveStream,
    private readonly telemetry: Telemetry,
  ) {}

  /** Begins an import, or finds the one of the same file.
   *  @param upload a file that now belongs to the importer
   *  @returns `isNew` false when the same file was imported, or is being imported
   *  @param fields beside the file, as they came
   *  @throws RegularsError IMPORT_INVALID, IMPORT_RUNNING, REQUEST_INVALID */
  async begin(upload: string, fields: unknown): Promise<{ record: ImportRecord; isNew: boolean }> {
    try {
      const options = optionsIn(fields);
      const fileHash = await hashOfFile(upload);
      const importId = idFrom('imp', options.storeId, fileHash, options.currency ?? '');
      const known = await this.stores.imports.get(importId);
      if (known !== null && known.state !== 'failed') return { record: known, isNew: false };
      const checked = await checkFile(upload, this.optionsOf(options.currency), Date.now());
      if (this.running !== null) throw new RegularsError('IMPORT_RUNNING');
      const { fromMs, toMs, ...counts } = checked;
      const record: ImportRecord = {
        importId,
        storeId: options.storeId,
        ...counts,
        fileHash,
        state: 'importing',
        stored: 0,
        newCustomers: 0,
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        startedAt: new Date().toISOString(),
        finishedAt: null,
      };
      await rename(upload, this.pathOf(importId));
      await this.stores.imports.save(record);
      this.start(record);
      return { record, isNew: true };
    } finally {
      await rm(upload, { force: true });
    }
  }

  /** Goes on with imports that an earlier process did not finish, as far as their files are here. */
  async resume(): Promise<void> {
    await mkdir(this.settings.folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.settings.folder);
    for (const name of names.filter((found) => found.startsWith(UPLOAD_PREFIX)))
      await rm(join(this.settings.folder, name), { force: true });
    for (const record of await this.stores.imports.unfinished()) {
      if (await isThere(this.pathOf(record.importId))) {
        if (this.running === null) this.start(record);
      } else if (record.stored === record.sales) await this.finish(record.importId, 'done');
    }
  }

  /** Waits for the batch in hand; the rest is for the next start. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private start(record: ImportRecord): void {
    this.running = this.run(record)
      .catch(async (error: unknown) => {
        const { importId } = record;
        this.telemetry.log.error({ importId, reason: messageOf(error) }, 'import failed');
        await this.finish(importId, 'failed');
      })
      .catch((error: unknown) => {
        this.telemetry.log.error({ importId: record.importId, reason: messageOf(error) }, 'import not noted');
      })
      .finally(() => (this.running = null));
  }

  private async run(begun: ImportRecord): Promise<void> {
    const { imports } = this.stores;
    const { importId, storeId, layout } = begun;
    const options = { ...this.optionsOf(begun.currency), latestMs: Infinity };
    const records = new ImportedRecords({
      importId,
      storeId,
      receivedAt: begun.startedAt,
      timeZone: options.timeZone,
    });
    let record = begun;
    let toldAtMs = 0;
    let batch: ImportedSale[] = [];
    let passed = 0;
    const store = async () => {
      const newCustomers = await this.storeBatch(batch, records, record);
      this.telemetry.meter.count('regulars_import_rows_total', { layout }, batch.length);
      const stored = record.stored + batch.length;
      record = { ...record, stored, newCustomers: record.newCustomers + newCustomers };
      batch = [];
      await imports.save(record);
      if (Date.now() - toldAtMs < TELL_EVERY_MS) return;
      toldAtMs = Date.now();
      this.tell(record);
    };
    for await (const sale of salesOfFile(this.pathOf(importId), options)) {
      // Numbers of equal rows must rise as before, also of those that are stored already.
      records.number(sale);
      passed += 1;
      if (passed <= begun.stored) continue;
      batch.push(sale);
      if (batch.length < HISTORY_CHUNK) continue;
      if (this.isStopped) return;
      await store();
    }
    if (batch.length > 0) await store();
    await this.announce(record);
    await this.finish(importId, 'done');
  }

  private async storeBatch(
    batch: readonly ImportedSale[],
    records: ImportedRecords,
    { importId, stored: offset, sales: rows }: ImportRecord,
  ): Promise<number> {
    const { customers, publisher, sales } = this.stores;
    const at = new Date().toISOString();
    let made = 0;
    for (let i = 0; i < batch.length; i += SLICE) {
      const numbers = batch.slice(i, i + SLICE).flatMap(({ customer }) => customer ?? []);
      const unknown = numbers.filter((number) => !records.customers.has(number));
      const { ids, created } = await customers.ensure(unknown, at, () => newId('cus'));
      for (const [number, customerId] of ids) records.customers.set(number, customerId);
      await announceCustomers(created, at, publisher);
      made += created.length;
    }
    const place = rows < MANY_ROWS ? undefined : { importId, offset, rows };
    await sales.insertHistory(
      batch.map((sale) => records.recordOf(sale)),
      place,
    );
    return made;
  }

  private async announce({ importId, storeId, stored, from, to }: ImportRecord): Promise<void> {
    const importedAt = new Date().toISOString();
    const eventId = idFrom('evt', SalesImported.key, importId);
    const event = { importId, storeId, rows: stored, from, to, importedAt };
    await this.stores.publisher.publish(SalesImported, event, { eventId });
  }

  private async finish(importId: string, state: 'done' | 'failed'): Promise<void> {
    const { imports } = this.stores;
    const record = await imports.get(importId);
    if (record === null) return;
    const finished = { ...record, state, finishedAt: new Date().toISOString() };
    await rm(this.pathOf(importId), { force: true });
    await imports.save(finished);
    if (state === 'failed') this.tell(finished);
  }

  private tell({ importId, storeId, state, sales, stored }: ImportRecord): void {
    const at = new Date().toISOString();
    this.stream.announce({ storeId, at, payload: { kind: 'import', importId, state, sales, stored } });
  }

  private optionsOf(currency: string | undefined) {
    const { timeZone, shopCurrency } = this.settings;
    return { currency, timeZone, shopCurrency };
  }

  private pathOf(importId: string): string {
    return join(this.settings.folder, `${importId}.csv`);
  }
}

/** @throws RegularsError REQUEST_INVALID */
function optionsIn(fields: unknown): ImportOptions {
  const result = ImportOptions.safeParse({ ...(fields as object | undefined) });
  if (result.success) return result.data;
  throw requestInvalid(result.error.issues);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
