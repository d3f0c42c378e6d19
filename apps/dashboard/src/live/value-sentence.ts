import { assertNever, type LivePayload, type LiveVisitor } from '@regulars/contracts';
import { strings } from '../strings.js';
import { moneyOf, type Sentence } from './sentences.js';

type ValuePayload = Extract<LivePayload, { kind: 'value' | 'segment' | 'loyalty' | 'forecasts' }>;

/** What a customer is worth, in words. */
export function valueSentence(payload: ValuePayload, nameOf: (who: LiveVisitor) => string): Sentence {
  const say = strings.value;
  switch (payload.kind) {
    case 'value': {
      const name = nameOf(payload.who);
      if (payload.value === null) return calm(say.nothing(name));
      const { frequency, monetaryMinor: amountMinor, currency, segment, recencyDays } = payload.value;
      const worth = say.worth(name, frequency, moneyOf({ amountMinor, currency }), recencyDays);
      const expected = payload.forecast && expectationOf(payload.forecast);
      return calm([`${worth}, ${say.segments[segment]}`, ...(expected ? [expected] : [])].join('; '));
    }
    case 'segment':
      return calm(say.moved(nameOf(payload.who), say.segments[payload.to]));
    case 'loyalty':
      return { text: say.loyal(nameOf(payload.who)), where: null, tone: 'arrival' };
    case 'forecasts':
      return calm(say.forecasts(payload.customers, payload.atRisk));
    default:
      return assertNever(payload);
  }
}

function expectationOf({
  expectedSpendMinor,
  currency,
  months,
  churnProbability,
}: NonNullable<Extract<ValuePayload, { kind: 'value' }>['forecast']>): string {
  const amount = moneyOf({ amountMinor: expectedSpendMinor, currency });
  return strings.value.expected(amount, months, Math.round((1 - churnProbability) * 100));
}

function calm(text: string): Sentence {
  return { text, where: null, tone: 'calm' };
}
