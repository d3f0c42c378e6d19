import {
  CohortsView,
  ConversionView,
  CustomerForecastView,
  CustomerValueView,
  ForecastReportView,
  LoyalCustomerView,
  LoyaltyRules,
  pageOf,
  type SegmentName,
  SegmentsView,
  tolerant,
  TrafficView,
  ValuedCustomerView,
} from '@regulars/contracts';
import type { Asking } from './client.js';

const ANSWERS = {
  customer: tolerant(CustomerValueView),
  segments: tolerant(SegmentsView),
  valued: tolerant(pageOf(ValuedCustomerView)),
  cohorts: tolerant(CohortsView),
  traffic: tolerant(TrafficView),
  conversion: tolerant(ConversionView),
  rules: tolerant(LoyaltyRules),
  loyal: tolerant(pageOf(LoyalCustomerView)),
  forecasts: tolerant(pageOf(CustomerForecastView)),
  report: tolerant(ForecastReportView),
};

/** Where the gateway has what this page shows of customers' worth. */
const PATHS = {
  customer: (customerId: string) => `/v1/customers/${encodeURIComponent(customerId)}/value`,
  segments: '/v1/segments',
  segmentCustomers: (segment: SegmentName) => `/v1/segments/${segment}/customers`,
  cohorts: '/v1/cohorts',
  traffic: '/v1/traffic',
  conversion: '/v1/conversion',
  rules: '/v1/loyalty-rules',
  loyal: '/v1/loyal-customers',
  forecasts: '/v1/forecasts',
  report: '/v1/forecasts/report',
  run: '/v1/forecasts/run',
  campaign: '/v1/campaigns/at-risk.csv',
};

/** Rows of a list of customers that is only looked at. */
const FIRST_ROWS = '50';

export interface Span {
  readonly by: 'hour' | 'day' | 'month';
  /** First and last day. */
  readonly from: string;
  readonly to: string;
}

/** Segments, cohorts, traffic, loyalty and forecasts. */
export function createValueApi({ ask, tell, file }: Asking, storeId: string) {
  const spanQuery = (span: Span) => new URLSearchParams({ storeId, ...span }).toString();
  return {
    customerValue: (customerId: string) => ask(ANSWERS.customer, 'GET', PATHS.customer(customerId)),
    segments: () => ask(ANSWERS.segments, 'GET', PATHS.segments),
    /** The first customers of a segment, those who spent most before others. */
    segmentCustomers: async (segment: SegmentName) =>
      (await ask(ANSWERS.valued, 'GET', `${PATHS.segmentCustomers(segment)}?limit=${FIRST_ROWS}`)).items,
    cohorts: () => ask(ANSWERS.cohorts, 'GET', PATHS.cohorts),
    traffic: (span: Span) => ask(ANSWERS.traffic, 'GET', `${PATHS.traffic}?${spanQuery(span)}`),
    conversion: (span: Span) => ask(ANSWERS.conversion, 'GET', `${PATHS.conversion}?${spanQuery(span)}`),
    loyaltyRules: () => ask(ANSWERS.rules, 'GET', PATHS.rules),
    setLoyaltyRules: (rules: LoyaltyRules) => ask(ANSWERS.rules, 'PUT', PATHS.rules, rules),
    loyalCustomers: async () => (await ask(ANSWERS.loyal, 'GET', `${PATHS.loyal}?limit=${FIRST_ROWS}`)).items,
    /** The customers likeliest to stay away, or those who will spend most. */
    forecasts: async (order: 'churn' | 'spend') => {
      const query = new URLSearchParams({ order, limit: FIRST_ROWS }).toString();
      return (await ask(ANSWERS.forecasts, 'GET', `${PATHS.forecasts}?${query}`)).items;
    },
    forecastReport: () => ask(ANSWERS.report, 'GET', PATHS.report),
    runForecasts: () => tell('POST', PATHS.run, { action: 'run' }),
    cancelForecasts: () => tell('POST', PATHS.run, { action: 'cancel' }),
    /** A list of customers for a campaign; some are held out at random and recorded, so that its effect can be
     *  measured.
     *  @param minChurn least probability of staying away
     *  @param holdOut share that is left alone, 0 to 0.5 */
    campaignCsv: (minChurn: number, holdOut: number) => {
      const query = new URLSearchParams({ minChurn: String(minChurn), holdOut: String(holdOut) });
      return file(`${PATHS.campaign}?${query.toString()}`);
    },
  };
}
