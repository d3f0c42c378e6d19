import { createHash } from 'node:crypto';
import {
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
import type { Gallery } from '../gallery/gallery.js';
import type { Beside } from '../recognisers/beside.js';
import { judgeAlbum } from './album.js';
import type { KnownFaces } from './known-faces.js';
import { type EmbeddedFace, subjectOf } from './photographs.js';
import { type Refused, refusal, refusedBy } from './refusals.js';
import type { Trials } from './trials.js';

/** Two photographs of different people are taken for one person's once in a hundred times, of one person for two
 *  people's once in fifty: who enrols somebody knows who it is, so the check is against mistakes. */
const DIFFERENT_AT_RATE = 0.01;

/** A photograph with one face that is good enough, before it is compared with others. */
interface Offered {
  readonly kind: 'face';
  readonly index: number;
  readonly templateId: string;
  readonly face: EmbeddedFace;
}
type Looked = Offered | Refused;

/** The photographs in the body of a request, as its sizes divide it.
 *  @throws RegularsError MESSAGE_INVALID when the sizes do not add up to the body */
export function photographsOf(sizes: readonly number[], body: Uint8Array): readonly Uint8Array[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total !== body.length)
    throw new RegularsError('MESSAGE_INVALID', { expectedBytes: total, bytes: body.length });
  let from = 0;
  return sizes.map((size) => body.subarray(from, (from += size)));
}

/** Where enrolment writes and what it compares with. */
export interface EnrolmentBooks {
  readonly templates: TemplatesRepository;
  readonly publisher: Publisher;
  readonly known: KnownFaces;
  readonly trials: Trials;
  /** The recogniser beside the serving one, by which what is enrolled is embedded as well. */
  readonly beside?: () => Pick<Beside, 'offer'> | null;
}

/** Enrols people from photographs. */
export class Enrolment {
  constructor(
    private readonly vision: Vision,
    private readonly scoring: FaceScoring,
    private readonly books: EnrolmentBooks,
  ) {}

  /** Adds a template for each photograph that shows one face well enough and the same person as the others. The
   *  same photograph sent again changes nothing. A trial stores nothing.
   *  @throws RegularsError KEY_DESTROYED when the customer was erased */
  async enrol(
    request: EnrolPhotographsRequest,
    body: Uint8Array,
    at: Instant,
  ): Promise<EnrolPhotographsReply> {
    const { customerId, sizes, trialId } = request;
    const bodies = photographsOf(sizes, body);
    const looked: Looked[] = [];
    for (const [index, bytes] of bodies.entries()) {
      looked.push(await this.look(customerId, index, bytes));
    }
    const trial = trialId === undefined ? null : this.books.trials.galleryOf(trialId, Date.parse(at));
    const photographs = await this.compare(request, looked, trial);
    const accepted = looked.filter(
      (one, i): one is Offered => one.kind === 'face' && photographs[i]?.kind === 'accepted',
    );
    const templates =
      trial === null
        ? await this.store(customerId, accepted, at)
        : await this.try(customerId, accepted, trial);
    if (trial === null) this.offer(customerId, accepted, bodies, at);
    return { customerId, templates, photographs };
  }

  /** Photographs that are known already are offered too: that is how somebody comes to be known by another
   *  recogniser. */
  private offer(
    customerId: string,
    accepted: readonly Offered[],
    bodies: readonly Uint8Array[],
    addedAt: Instant,
  ): void {
    const taken = accepted.map(({ index, templateId }) => ({
      ...{ customerId, templateId, addedAt },
      bytes: new Uint8Array(bodies[index] ?? []),
    }));
    this.books.beside?.()?.offer(taken);
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

  private async compare(
    { customerId, refuseKnown = false }: EnrolPhotographsRequest,
    looked: readonly Looked[],
    trial: Gallery | null,
  ): Promise<PhotographResult[]> {
    const enrolled = await this.books.templates.ofCustomer(customerId, this.vision.recogniser);
    const faces = looked.flatMap((one) => (one.kind === 'face' ? [one] : []));
    const verdicts = judgeAlbum(
      faces.map(({ templateId, face }) => ({ templateId, embedding: face.embedding })),
      [...enrolled, ...(trial?.templatesOf(customerId) ?? [])],
      (one, other) => this.distance(one, other),
      distanceAtRate(this.scoring.templates, DIFFERENT_AT_RATE),
    );
    return looked.map((one): PhotographResult => {
      if (one.kind === 'refused') return one;
      const refused = refusedBy(verdicts[faces.indexOf(one)] ?? 'differs');
      if (refused !== null) return refusal(one.index, refused);
      const { index, templateId, face } = one;
      const others = trial === null ? [] : [trial];
      const knownAs = this.books.known.otherThan(customerId, face.embedding, others);
      const isEnrolled = enrolled.some((template) => template.templateId === templateId);
      if (knownAs !== null && refuseKnown && !isEnrolled)
        return refusal(index, new RegularsError('FACE_KNOWN', { customerId: knownAs }));
      const { quality } = face;
      const also = knownAs === null ? {} : { knownAs };
      return { kind: 'accepted', index, templateId, quality, presentation: 'unchecked', ...also };
    });
  }

  private async store(customerId: string, accepted: readonly Offered[], addedAt: Instant): Promise<number> {
    const { templates, publisher } = this.books;
    const { recogniser: model } = this.vision;
    let added = 0;
    for (const { face, templateId } of accepted) {
      const { embedding, quality } = face;
      const source = 'photograph';
      const isNew = await templates.add({
        templateId,
        customerId,
        model,
        embedding,
        quality,
        source,
        addedAt,
      });
      if (isNew) added += 1;
    }
    const count = await templates.countOfCustomer(customerId, model);
    if (added > 0) {
      const change = { customerId, change: 'added', templates: count, changedAt: addedAt } as const;
      await publisher.publish(GalleryChanged, change);
    }
    return count;
  }

  /** @returns how many templates the customer would have */
  private async try(customerId: string, accepted: readonly Offered[], trial: Gallery): Promise<number> {
    const enrolled = await this.books.templates.ofCustomer(customerId, this.vision.recogniser);
    const known = new Set(
      [...enrolled, ...trial.templatesOf(customerId)].map(({ templateId }) => templateId),
    );
    const fresh = accepted.flatMap(({ templateId, face }) =>
      known.has(templateId) ? [] : [{ templateId, customerId, embedding: face.embedding }],
    );
    this.books.trials.add(trial, customerId, fresh);
    return enrolled.length + trial.templatesOf(customerId).length;
  }

  private distance(one: Float32Array, other: Float32Array): number {
    const { crowding } = this.scoring;
    const cosine = 1 - cosineDistance(one, other);
    return scoredDistance(cosine, crowdingOf(crowding, one), crowdingOf(crowding, other));
  }
}
