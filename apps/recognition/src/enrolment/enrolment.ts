import { createHash } from 'node:crypto';
import {
  assertNever,
  type EnrolPhotographsReply,
  type EnrolPhotographsRequest,
  GalleryChanged,
  type Instant,
  isRegularsError,
  type PhotographResult,
  RegularsError,
} from '@regulars/contracts';
import { idFrom } from '@regulars/contracts/ids';
import type { Publisher } from '@regulars/messaging';
import type { TemplatesRepository } from '@regulars/persistence';
import {
  cosineDistance,
  crowdingOf,
  distanceAtRate,
  scoredDistance,
  type FaceScoring,
  type Vision,
} from '@regulars/vision';
import { judgeAlbum, MOST_TEMPLATES, type Verdict } from './album.js';
import { type EmbeddedFace, subjectOf } from './photographs.js';

/** Two photographs of different people are taken for one person's once in a hundred times, of one person for two
 *  people's once in fifty: who enrols somebody knows who it is, so the check is against mistakes. */
const DIFFERENT_AT_RATE = 0.01;

/** What became of one photograph before they are compared. */
type Looked =
  | {
      readonly kind: 'face';
      readonly index: number;
      readonly templateId: string;
      readonly face: EmbeddedFace;
    }
  | Extract<PhotographResult, { kind: 'refused' }>;

function refusal(index: number, error: RegularsError): Extract<PhotographResult, { kind: 'refused' }> {
  const { code, message, remedy, fields } = error;
  return { kind: 'refused', index, code, message, remedy, fields: { ...fields } };
}

/** The photographs in the body of a request, as its sizes divide it.
 *  @throws RegularsError MESSAGE_INVALID when the sizes do not add up to the body */
export function photographsOf(sizes: readonly number[], body: Uint8Array): readonly Uint8Array[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== body.length)
    throw new RegularsError('MESSAGE_INVALID', { expectedBytes: total, bytes: body.length });
  let from = 0;
  return sizes.map((size) => body.subarray(from, (from += size)));
}

/** Enrols people from photographs. */
export class Enrolment {
  constructor(
    private readonly vision: Vision,
    private readonly scoring: FaceScoring,
    private readonly templates: TemplatesRepository,
    private readonly publisher: Publisher,
  ) {}

  /** Adds a template for each photograph that shows one face well enough and the same person as the others. The
   *  same photograph sent again changes nothing.
   *  @throws RegularsError KEY_DESTROYED when the customer was erased */
  async enrol(
    { customerId, sizes }: EnrolPhotographsRequest,
    body: Uint8Array,
    at: Instant,
  ): Promise<EnrolPhotographsReply> {
    const looked: Looked[] = [];
    for (const [index, bytes] of photographsOf(sizes, body).entries()) {
      looked.push(await this.look(customerId, index, bytes));
    }
    const photographs = await this.compare(customerId, looked);
    let added = 0;
    for (const [index, result] of photographs.entries()) {
      const seen = looked[index];
      if (result.kind !== 'accepted' || seen?.kind !== 'face') continue;
      const { face, templateId } = seen;
      const isNew = await this.templates.add({
        templateId,
        customerId,
        model: this.vision.recogniser,
        embedding: face.embedding,
        quality: face.quality,
        source: 'photograph',
        addedAt: at,
      });
      if (isNew) added += 1;
    }
    const templates = await this.templates.countOfCustomer(customerId, this.vision.recogniser);
    if (added > 0) {
      await this.publisher.publish(GalleryChanged, { customerId, change: 'added', templates, changedAt: at });
    }
    return { customerId, templates, photographs };
  }

  private async look(customerId: string, index: number, bytes: Uint8Array): Promise<Looked> {
    try {
      const face = subjectOf(await this.vision.analysePhotograph(bytes));
      const hash = createHash('sha256').update(bytes).digest('hex');
      const templateId = idFrom('tpl', customerId, this.vision.recogniser, hash);
      return { kind: 'face', index, templateId, face };
    } catch (error) {
      // What is wrong with a photograph is its result; what is wrong with this service is not.
      if (!isRegularsError(error) || error.status >= 500) throw error;
      return refusal(index, error);
    }
  }

  private async compare(customerId: string, looked: readonly Looked[]): Promise<PhotographResult[]> {
    const { recogniser } = this.vision;
    const known = await this.templates.ofCustomer(customerId, recogniser);
    const faces = looked.flatMap((one) => (one.kind === 'face' ? [one] : []));
    const verdicts = judgeAlbum(
      faces.map(({ templateId, face }) => ({ templateId, embedding: face.embedding })),
      known,
      (one, other) => this.distance(one, other),
      distanceAtRate(this.scoring.templates, DIFFERENT_AT_RATE),
    );
    return looked.map((one): PhotographResult => {
      if (one.kind === 'refused') return one;
      const refused = refusedBy(verdicts[faces.indexOf(one)] ?? 'differs');
      if (refused !== null) return refusal(one.index, refused);
      const { index, templateId, face } = one;
      return { kind: 'accepted', index, templateId, quality: face.quality, presentation: 'unchecked' };
    });
  }

  private distance(one: Float32Array, other: Float32Array): number {
    const { crowding } = this.scoring;
    const cosine = 1 - cosineDistance(one, other);
    return scoredDistance(cosine, crowdingOf(crowding, one), crowdingOf(crowding, other));
  }
}

/** @returns null for a photograph that is kept */
function refusedBy(verdict: Verdict): RegularsError | null {
  switch (verdict) {
    case 'kept':
      return null;
    case 'differs':
      return new RegularsError('FACES_DIFFER');
    case 'repeated':
      return new RegularsError('PHOTOGRAPH_REPEATED');
    case 'full':
      return new RegularsError('TEMPLATES_FULL', { most: MOST_TEMPLATES });
    default:
      return assertNever(verdict);
  }
}
