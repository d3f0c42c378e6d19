import { assertNever, type ForecastView, type LivePayload, type LiveVisitor } from '@regulars/contracts';
import { countText, percentText } from '../format.js';
import { moneyText, roughMoney } from '../money.js';
import { strings } from '../strings.js';
import type { Sentence } from './sentences.js';

type ValuePayload = Extract<LivePayload, { kind: 'value' | 'segment' | 'loyalty' | 'forecasts' }>;

/** What a customer is worth, in words. */
export function valueSentence(payload: ValuePayload, nameOf: (who: LiveVisitor) => string): Sentence {
  const say = strings.value;
  switch (payload.kind) {
    case 'value': {
      const name = nameOf(payload.who);
      if (payload.value === null) return calm(say.nothing(name));
      const { frequency, monetaryMinor: amountMinor, currency, segment, recencyDays } = payload.value;
      const amount = moneyText({ amountMinor, currency });
      const worth = say.worth(name, frequency, amount, say.ago(recencyDays));
      const expected = payload.forecast && expectationOf(payload.forecast);
      return calm([`${worth}, ${say.segments[segment]}`, ...(expected ? [expected] : [])].join('; '));
    }
    case 'segment':
      return calm(say.moved(nameOf(payload.who), say.segments[payload.to]));
    case 'loyalty':
      return { text: say.loyal(nameOf(payload.who)), where: null, tone: 'arrival' };
    case 'forecasts':
      return calm(say.forecasts(countText(payload.customers), countText(payload.atRisk)));
    default:
      return assertNever(payload);
  }
}

function expectationOf({ expectedSpendMinor, currency, months, churnProbability }: ForecastView): string {
  const amount = roughMoney({ amountMinor: expectedSpendMinor, currency });
  return strings.value.expected(amount, months, percentText(1 - churnProbability));
}

function calm(text: string): Sentence {
  return { text, where: null, tone: 'calm' };
}
