import { assertNever, type LiveVisitor, pseudonymLabel } from '@regulars/contracts';
import { strings } from '../strings.js';
import { minutesBetween } from '../format.js';
import { moneyText } from '../money.js';
import type { StreamEntry } from './stream.js';
import { valueSentence } from './value-sentence.js';

/** Names as the page has them now; a name inside an event may be older. */
export interface Labels {
  readonly camera: (cameraId: string) => string;
  readonly customer: (customerId: string, told: string) => string;
}

export type Tone = 'arrival' | 'departure' | 'trouble' | 'calm';

/** One line of the stream in words. */
export interface Sentence {
  readonly text: string;
  /** The camera's name, where the line is about one place. */
  readonly where: string | null;
  readonly tone: Tone;
}

/** Who it is, as the start of a sentence. */
export function nameOf(who: LiveVisitor, labels: Labels): string {
  switch (who.kind) {
    case 'customer':
      return labels.customer(who.customerId, who.displayName) || strings.people.unnamed;
    case 'stranger':
      return who.pseudonymId === undefined
        ? strings.people.aGuest
        : strings.people.stranger(pseudonymLabel(who.pseudonymId));
    case 'undecided':
      return strings.people.somebody;
    default:
      return assertNever(who);
  }
}

/** What happened, as a plain sentence.
 *  @param isJoined whether a camera, not the till, told whose sale it is */
export function sentenceOf(payload: StreamEntry['payload'], labels: Labels, isJoined = false): Sentence {
  const say = strings.events;
  switch (payload.kind) {
    case 'gap':
      return { text: say.gap, where: null, tone: 'calm' };
    case 'camera':
      return {
        text: say.camera[payload.state](labels.camera(payload.cameraId)),
        where: null,
        tone: payload.state === 'stalled' || payload.state === 'gone' ? 'trouble' : 'calm',
      };
    case 'sighting-started':
      return seen(say.seen(nameOf(payload.who, labels)), payload, labels);
    case 'sighting-identified':
      return seen(
        payload.who.kind === 'customer'
          ? say.recognised(nameOf(payload.who, labels))
          : say.notRecognised(payload.who.kind),
        payload,
        labels,
      );
    case 'sighting-ended':
      return seen(say.outOfSight(nameOf(payload.who, labels)), payload, labels);
    case 'expression':
      return seen(
        payload.outcome.kind === 'scored'
          ? say.looked(nameOf(payload.who, labels), strings.mood[payload.outcome.class])
          : say.notJudged(nameOf(payload.who, labels), strings.abstained[payload.outcome.reason]),
        payload,
        labels,
      );
    case 'alert':
      return {
        ...seen(say.alert[payload.alert](nameOf(payload.who, labels), payload.tillId), payload, labels),
        tone: 'trouble',
      };
    case 'visit-started':
      return {
        text: say.cameIn(nameOf(payload.who, labels)),
        where: labels.camera(payload.cameraId),
        tone: 'arrival',
      };
    case 'visit-ended':
      return {
        text: say.left(
          nameOf(payload.who, labels),
          minutesBetween(payload.startedAt, payload.endedAt),
          payload.satisfaction.class === null ? null : strings.mood[payload.satisfaction.class],
        ),
        where: null,
        tone: 'departure',
      };
    case 'visit-merged':
      return { text: say.merged, where: null, tone: 'calm' };
    case 'customer':
      return {
        text: say.customer[payload.change](
          labels.customer(payload.customerId, '') || strings.people.aRegular,
        ),
        where: null,
        tone: 'calm',
      };
    case 'sale':
    case 'refund':
    case 'import':
      return saleSentence(payload, labels, isJoined);
    case 'value':
    case 'segment':
    case 'loyalty':
    case 'forecasts':
      return valueSentence(payload, (who) => nameOf(who, labels));
    case 'cameras':
      return {
        text: say.cameras[payload.change](labels.camera(payload.cameraId)),
        where: null,
        tone: 'calm',
      };
    default:
      return assertNever(payload);
  }
}

function saleSentence(
  payload: Extract<StreamEntry['payload'], { kind: 'sale' | 'refund' | 'import' }>,
  labels: Labels,
  isJoined: boolean,
): Sentence {
  const say = strings.events;
  switch (payload.kind) {
    case 'sale': {
      const text = (isJoined ? say.probablyBought : say.bought)(
        nameOf(payload.who, labels),
        moneyText(payload),
      );
      return { text, where: payload.tillId, tone: 'calm' };
    }
    case 'refund': {
      const text = payload.isVoid
        ? say.voided(moneyText(payload))
        : say.gaveBack(nameOf(payload.who, labels), moneyText(payload));
      return { text, where: payload.tillId, tone: 'calm' };
    }
    case 'import':
      return {
        text: say.imported[payload.state](payload.stored, payload.sales),
        where: null,
        tone: payload.state === 'failed' ? 'trouble' : 'calm',
      };
    default:
      return assertNever(payload);
  }
}

function seen(text: string, payload: { readonly cameraId: string }, labels: Labels): Sentence {
  return { text, where: labels.camera(payload.cameraId), tone: 'calm' };
}
