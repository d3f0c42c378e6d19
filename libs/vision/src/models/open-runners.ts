import { BlazeFaceDetector } from './detector.js';
import { ChipEncoder } from './encoder.js';
import { ClassNet } from './expression-net.js';
import { openFivePoints } from './five-points.js';
import { FaceApiLandmarks } from './landmark-locator.js';
import { loadModel, type LoadOptions } from './load-model.js';
import type { LoadedModel } from './loaded-model.js';
import { entryFor, readManifest, readRecogniser } from './manifest-file.js';
import type { ModelRole } from './manifest.js';
import { NEAR_TILE_PX, type ModelRunners } from './runners.js';

export interface RunnerOptions extends Omit<LoadOptions, 'sidePx'> {
  /** Instead of the one in use. */
  readonly recogniser?: string;
}

/** Opens the models in use. Sessions hold memory that is not given back while the process lives, so open a set
 *  once per worker thread and keep it.
 *  @throws RegularsError as loadModel does; nothing stays open then */
export async function openRunners({ modelsDir, provider, recogniser }: RunnerOptions): Promise<ModelRunners> {
  const manifest = await readManifest(modelsDir);
  const opened: LoadedModel[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(opened.map((model) => model.release()));
  };
  const open = async (role: ModelRole, named?: string, sidePx?: number): Promise<LoadedModel> => {
    // What the first model got decides for the rest, so that one set runs in one place.
    const choice = opened[0]?.provider ?? provider;
    const entry = named === undefined ? entryFor(manifest, role) : await readRecogniser(modelsDir, named);
    const model = await loadModel(manifest, entry.name, {
      modelsDir,
      provider: choice,
      ...(sidePx === undefined ? {} : { sidePx }),
    });
    opened.push(model);
    return model;
  };
  try {
    const detector = new BlazeFaceDetector(
      await open('detection'),
      await open('detection', undefined, NEAR_TILE_PX),
    );
    const landmarks = new FaceApiLandmarks(await open('landmarks'));
    const fivePoints = await openFivePoints(manifest, modelsDir);
    const encoder = await ChipEncoder.open(await open('recognition', recogniser));
    const expression = new ClassNet(await open('expression'));
    const used = opened[0]?.provider ?? 'cpu';
    return { provider: used, detector, landmarks, fivePoints, encoder, expression, release };
  } catch (error) {
    await release();
    throw error;
  }
}
