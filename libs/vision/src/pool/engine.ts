import { assertNever } from '@regulars/contracts';
import { CameraEye } from '../frames/camera-eye.js';
import { embedClosely } from '../frames/close-look.js';
import { cropFace } from '../frames/crop.js';
import { explainExpression } from '../frames/explain.js';
import { analysePhotograph } from '../frames/photograph.js';
import { decodeJpeg, encodeJpeg } from '../image/jpeg.js';
import { decodePhotograph } from '../image/photograph.js';
import { entryFor, openRunners, readManifest } from '../models/index.js';
import type { ModelRunners, ProviderChoice } from '../models/runners.js';
import type { Answer, CallName, ModelRun, Readiness, ReplyOf, RequestOf } from './calls.js';
import { timeRunners } from './timed-runners.js';

/** Cameras remembered by one engine; of more, the one not heard of for longest is forgotten (2.7 MB each). */
const MAX_CAMERAS = 64;
const CROP_QUALITY = 90;

export interface EngineOptions {
  readonly modelsDir: string;
  readonly provider: ProviderChoice;
  /** Instead of the one in use. */
  readonly recogniser?: string;
}

type Call = { [Name in CallName]: { name: Name; request: RequestOf<Name> } }[CallName];

/** One set of models and what it remembers of its cameras. One call at a time. */
export class VisionEngine {
  private readonly eyes = new Map<string, CameraEye>();
  private runs: ModelRun[] = [];
  private readonly models: ModelRunners;

  private constructor(
    models: ModelRunners,
    names: Parameters<typeof timeRunners>[1],
    private readonly generation: string,
  ) {
    this.models = timeRunners(models, names, (run) => this.runs.push(run));
  }

  /** @param generation distinguishes this engine's frames from those of the engines before it
   *  @throws RegularsError as openRunners does */
  static async open(options: EngineOptions, generation: string): Promise<VisionEngine> {
    const { modelsDir } = options;
    const models = await openRunners(options);
    const manifest = await readManifest(modelsDir);
    const names = {
      detection: entryFor(manifest, 'detection').name,
      landmarks: entryFor(manifest, 'landmarks').name,
      recognition: models.encoder.recogniser,
      expression: entryFor(manifest, 'expression').name,
    };
    return new VisionEngine(models, names, generation);
  }

  get readiness(): Readiness {
    const { provider, encoder } = this.models;
    return { provider, recogniser: encoder.recogniser, dimensions: encoder.dimensions };
  }

  async call<Name extends CallName>(name: Name, request: RequestOf<Name>): Promise<Answer<Name>> {
    this.runs = [];
    const reply = (await this.carryOut({ name, request } as Call)) as ReplyOf<Name>;
    return { reply, runs: this.runs };
  }

  async close(): Promise<void> {
    this.eyes.clear();
    await this.models.release();
  }

  private carryOut(call: Call): Promise<ReplyOf<CallName>> {
    switch (call.name) {
      case 'analyseFrame':
        return this.eyeOf(call.request.cameraId).look(call.request.jpeg, call.request.expectedPx);
      case 'embedViews':
        return this.embedViews(call.request);
      case 'cropView':
        return this.cropView(call.request);
      case 'analysePhotograph': {
        const { bytes, look } = call.request;
        return decodePhotograph(bytes).then((image) => analysePhotograph(this.models, image, look));
      }
      case 'scoreExpressions':
        return this.models.expression.score(
          call.request.crops.map((crop) => decodeJpeg(crop)),
          { bothSides: true, looksForCover: true },
        );
      case 'explainExpression': {
        const { bytes, boxPx } = call.request;
        return decodePhotograph(bytes).then((image) => explainExpression(this.models, image, boxPx));
      }
      default:
        return assertNever(call);
    }
  }

  private eyeOf(cameraId: string): CameraEye {
    const eye = this.eyes.get(cameraId) ?? new CameraEye(`${cameraId}#${this.generation}`, this.models);
    this.eyes.delete(cameraId);
    this.eyes.set(cameraId, eye);
    const oldest = this.eyes.keys().next().value;
    if (this.eyes.size > MAX_CAMERAS && oldest !== undefined) this.eyes.delete(oldest);
    return eye;
  }

  private pictureOf(handle: string) {
    return this.eyes.get(handle.slice(0, handle.indexOf('#')))?.pictureOf(handle) ?? null;
  }

  private async embedViews({ handle, faces, look }: RequestOf<'embedViews'>): Promise<ReplyOf<'embedViews'>> {
    const picture = this.pictureOf(handle);
    if (picture === null) return null;
    if (faces.length === 0) return [];
    if (look === 'close') return embedClosely(this.models, picture, faces);
    const { encoder } = this.models;
    return encoder.encode(faces.map((face) => encoder.chip.quick(picture, face.landmarks)));
  }

  private async cropView({ handle, face }: RequestOf<'cropView'>): Promise<ReplyOf<'cropView'>> {
    const picture = this.pictureOf(handle);
    const crop = picture === null ? null : cropFace(picture, face.landmarks);
    return crop === null ? null : encodeJpeg(crop, CROP_QUALITY);
  }
}
