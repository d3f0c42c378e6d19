import type { SegmentName, ValueClass } from '@regulars/contracts';

const segments: Readonly<Record<SegmentName, string>> = {
  champions: 'one of the best customers',
  loyal: 'a loyal customer',
  'potential-loyal': 'on the way to being loyal',
  new: 'a new customer',
  promising: 'a promising customer',
  'need-attention': 'in need of attention',
  'at-risk': 'at risk of leaving',
  'cannot-lose': 'a good customer about to be lost',
  hibernating: 'a customer who has become rare',
  lost: 'probably lost',
};

const segmentNames: Readonly<Record<SegmentName, string>> = {
  champions: 'Champions',
  loyal: 'Loyal',
  'potential-loyal': 'Soon loyal',
  new: 'New',
  promising: 'Promising',
  'need-attention': 'Need attention',
  'at-risk': 'At risk',
  'cannot-lose': 'Not to be lost',
  hibernating: 'Rare',
  lost: 'Lost',
};

const segmentMeanings: Readonly<Record<SegmentName, string>> = {
  champions: 'Bought lately, often and for much: among the best on all three.',
  loyal: 'Buys often and still comes.',
  'potential-loyal': 'Bought lately and more than once; may become loyal.',
  new: 'Bought lately for the first time.',
  promising: 'Came not long ago, but seldom so far.',
  'need-attention': 'In the middle on everything and slowly coming less.',
  'at-risk': 'Used to buy often and for much, but has not come for a while.',
  'cannot-lose': 'Was among the best and has not come for long. Worth a call.',
  hibernating: 'Bought seldom, and long ago.',
  lost: 'Among the lowest on all three.',
};

const classNames: Readonly<Record<ValueClass, string>> = {
  high: 'high',
  medium: 'medium',
  low: 'low',
  none: 'bought nothing',
};

const purchases = (count: number) => `${count} ${count === 1 ? 'purchase' : 'purchases'}`;

/** What the page says of customers' worth. */
export const valueStrings = {
  value: {
    segments,
    segmentNames,
    segmentMeanings,
    classNames,
    ago: (days: number) =>
      days === 0
        ? 'today'
        : days === 1
          ? 'yesterday'
          : days < 60
            ? `${days} days ago`
            : days < 730
              ? `${Math.round(days / 30.44)} months ago`
              : `${Math.floor(days / 365.25)} years ago`,
    worth: (name: string, count: number, amount: string, ago: string) =>
      `${name}: ${purchases(count)}, ${amount}, last ${ago}`,
    nothing: (name: string) => `${name}: no purchase is left`,
    expected: (amount: string, months: number, percent: string) =>
      `${amount} expected in ${months} months, back with ${percent}`,
    moved: (name: string, segment: string) => `${name} is now ${segment}`,
    loyal: (name: string) => `${name} has become one of the loyal customers`,
    forecasts: (customers: string, atRisk: string) =>
      `Forecasts were made for ${customers} customers; ${atRisk} will probably stay away`,

    card: (count: number, amount: string, ago: string) => `${purchases(count)}, ${amount}, last ${ago}`,
    cardExpected: (amount: string, months: number) => `${amount} expected in ${months} months`,

    title: 'Value',
    none: 'No purchase is known yet. A sale that names this customer, or one at a till’s camera, shows up here.',
    last: 'Last purchase',
    first: (day: string) => `First on ${day}`,
    count: 'Purchases',
    spent: 'Spent',
    score: (score: number) => `${score} of 5`,
    scoreHint: 'Each is scored 1 to 5 among all customers; 5 is the best fifth.',
    class: 'Last three months',
    windows: (days: number) => `Last ${days} days`,
    window: (count: number, amount: string) => `${purchases(count)}, ${amount}`,
    months: 'By month',
    monthsLabel: (parts: string) => `Spent by month. ${parts}`,
    asTable: 'As a table',
    month: 'Month',
    purchases: 'Purchases',
    refunded: 'Given back',
    visits: 'Visits',
    noVisits: 'No visit was seen yet.',
    visit: (when: string, minutes: string) => `${when}, ${minutes}`,
    stillHere: 'still here',
    together: (others: number) => (others === 1 ? 'came with somebody' : `came with ${others} others`),
    loadFailed: 'What this customer is worth could not be loaded.',

    forecast: 'Forecast',
    noForecast: 'No forecast yet. One is made every night, and at once under Forecast.',
    forecastFrom: (day: string, months: number) => `For ${months} months from ${day}`,
    expectedSpend: 'Expected spend',
    range: (low: string, high: string) => `${low} to ${high} in eight cases of ten`,
    noRange: 'the model gives no interval',
    churn: 'Buys nothing',
    churnWords: ['will almost surely buy', 'will probably buy', 'may stay away', 'will probably stay away'],
    next: 'Next purchase',
    nextAround: (day: string) => `around ${day}`,
    nextNone: 'none expected',
    classes: 'Likely class',
    class1: (name: string, share: string) => `${name} ${share}`,
    servedBy: (model: string) => `Made by ${model}.`,
    servedInstead: (model: string, note: string) => `Made by ${model}: ${note}.`,
    reasons: 'What moved it',

    page: {
      title: 'Value',
      loadFailed: 'This could not be loaded.',
      segments: 'Segments',
      segmentsHint: (day: string, customers: string) =>
        `${customers} customers; compared with each other on ${day}.`,
      segmentsNever: 'Customers have not been compared with each other yet; that happens every night.',
      noSegments: 'No customer has bought anything yet. Post a sale or import your history under Sales.',
      segment: 'Segment',
      customers: 'Customers',
      customer: 'Customer',
      share: 'Share',
      spend: 'Spent',
      class: 'Class',
      classes: 'Classes of the last three months',
      show: (name: string) => `Customers of segment ${name}`,
      segmentTitle: (name: string) => `Segment: ${name}`,
      allSegments: 'All segments',
      segmentEmpty: 'Nobody is in this segment now.',
      firstShown: (count: number) => `The first ${count} are shown.`,
      forecastTitle: 'At risk and valuable',
      atRisk: 'At risk',
      valuable: 'Most expected',
      listFirst: 'Order',
      noForecasts: 'No forecast has been made yet.',
      expected: 'Expected',
      staysAway: 'Stays away',
      next: 'Next purchase',
      campaign: 'Campaign list',
      campaignHint:
        'A CSV of everybody likelier than this to stay away. Some are left out at random and remembered, so that you can compare later what both groups bought.',
      minChurn: 'Likelier than',
      holdOut: 'Held out',
      percent: '%',
      percentError: (most: number) => `Enter a number from 0 to ${most}.`,
      download: 'Download CSV',
      cohorts: 'Who comes back',
      cohortsHint:
        'Each line is the customers of one first month; the numbers are how many in a hundred bought again so many months later.',
      cohortsEmpty: 'Shown once customers have bought over more than a month.',
      cohort: 'First bought',
      later: (months: number) => (months === 0 ? 'same month' : `+${months}`),
      traffic: 'When they come',
      by: { hour: 'By hour', day: 'By day', month: 'By month' },
      trafficLabel: (parts: string) => `Visits over time. ${parts}`,
      noTraffic: 'No visit was seen in this time.',
      time: 'Time',
      visits: 'Visits',
      regulars: 'Regulars',
      guests: 'Guests',
      sales: 'Sales',
      buying: 'With a purchase',
      conversion: 'Conversion',
      conversionTotal: (share: string, buying: string, visits: string) =>
        `${share} of visits ended with a purchase (${buying} of ${visits}).`,
      conversionExpected: (count: string) =>
        `Counting every doubtful match by its probability, ${count} did.`,
      noConversion: 'Conversion is known once a till stands before a camera and posts its sales.',
    },
    loyalty: {
      title: 'Loyal customers',
      hint: 'Who fulfils a rule is on this list. Change the rules as you like; the list follows.',
      none: 'Nobody fulfils a rule yet.',
      noRules: 'There is no rule yet. Add one, such as four visits in thirty days.',
      rule: (name: string, visits: number | null, spend: string | null, days: number) =>
        `${name}: ${[
          ...(visits === null ? [] : [`at least ${visits} ${visits === 1 ? 'day' : 'days'} here`]),
          ...(spend === null ? [] : [`at least ${spend} spent`]),
        ].join(' and ')} in ${days} days`,
      change: 'Change rules',
      add: 'Add a rule',
      remove: (name: string) => `Remove rule ${name}`,
      dialog: 'Loyalty rules',
      name: 'Name',
      period: 'In so many days',
      visits: 'Days here at least',
      spend: 'Spent at least',
      currency: 'Currency',
      save: 'Save rules',
      errors: {
        name: 'Enter a name of at most 80 characters.',
        period: 'Enter 1 to 730 days.',
        visits: 'Enter 1 to 730 days, or leave it empty when the spend says it.',
        spend: 'Enter an amount such as 100 or 99.50, or leave it empty.',
        currency: 'Enter a currency code such as EUR.',
      },
      since: 'Loyal since',
      daysHere: 'Days here',
      ruleColumn: 'Rule',
    },
  },
};
