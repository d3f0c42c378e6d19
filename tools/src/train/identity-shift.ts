import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  crossfitCrowding,
  fitCrowding,
  type FaceScoring,
  type LabelledEmbedding,
  type OpenedVision,
} from '@regulars/vision';
import { embedPictures, withVision } from '../faces/embed-pictures.js';
import { picturesOf } from '../faces/folder.js';
import { meanNearness } from '../faces/mean-nearness.js';
import { strangerTail } from '../faces/stranger-tail.js';
import { ROOT } from '../root.js';

const USAGE = 'npm run train -- identity-shift --images DIR [--images DIR ...] [--model NAME] [--out FILE]';

/** Fits how the recogniser in use, or the one that is named, scores faces: the shift of each face, predicted from its embedding, and how often
 *  two people come near each other once it is taken off. Writes a file of some thousand numbers, which services find
 *  beside the models as `NAME.scoring.json`; `libs/vision/scoring/NAME.json` is the one that comes with Regulars.
 *  @throws Error on wrong arguments, RangeError with pictures of fewer than 100 people */
export async function trainIdentityShift(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', multiple: true },
      model: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const folders = values.images;
  if (folders === undefined) throw new Error(`usage: ${USAGE}`);
  await withVision(async (vision, modelsDir) => {
    const looks = await lookAll(vision, folders);
    const scoring = fitScoring(vision.recogniser, folders, looks);
    const out = values.out ?? join(modelsDir, `${vision.recogniser}.scoring.json`);
    const path = resolve(ROOT, out);
    await writeFile(path, `${JSON.stringify(scoring)}\n`);
    const { people, pictures } = scoring.fitted;
    console.log(JSON.stringify({ recogniser: vision.recogniser, people, pictures, out: path }));
  }, values.model);
}

/** A face of a picture. */
interface Look extends LabelledEmbedding {
  readonly digest: string;
}

async function lookAll(vision: OpenedVision, folders: readonly string[]): Promise<readonly Look[]> {
  const all: Look[] = [];
  for (const folder of folders) {
    const { root, pictures } = await picturesOf(folder);
    const paths = pictures.map(({ path }) => path);
    const found = await embedPictures(vision, root, paths);
    for (const { path, person } of pictures) {
      const { embedding, digest } = found.get(path) ?? { embedding: null, digest: '' };
      // Two folders may have people of one name.
      if (embedding !== null) all.push({ person: `${folder}/${person}`, embedding, digest });
    }
  }
  return all;
}

function fitScoring(model: string, folders: readonly string[], looks: readonly Look[]): FaceScoring {
  const crossfitted = crossfitCrowding(looks);
  const nearness = meanNearness(looks, crossfitted);
  const { constant, linear, values, vectors } = fitCrowding(looks);
  return {
    scoringVersion: 1,
    model,
    crowding: {
      constant: rounded(constant),
      linear: linear.map(rounded),
      values: values.map(rounded),
      vectors: vectors.map((vector) => vector.map(rounded)),
    },
    templates: strangerTail(looks, looks.map(crossfitted)),
    ...(nearness === null ? {} : { meanNearness: rounded(nearness) }),
    fitted: {
      on: folders.map((folder) => basename(folder)).join(', '),
      people: new Set(looks.map(({ person }) => person)).size,
      pictures: looks.length,
      digests: looks.map(({ digest }) => digest).sort(),
    },
  };
}

/** Five digits: beyond them distances do not change by 1e-5. */
const rounded = (value: number): number => Number(value.toPrecision(5));
