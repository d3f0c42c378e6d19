/** Digits behind the point of the currencies in use, ISO 4217 as amended to the end of 2025, where they are not
 *  two. */
const OTHER_DIGITS: Readonly<Record<string, number>> = {
  ...digits(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digits(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digits(4, 'CLF UYW'),
};

const IN_USE = new Set(
  (
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD ' +
    'CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS ' +
    'GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD ' +
    'KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK ' +
    'NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP ' +
    'STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST ' +
    'XAF XCD XCG XOF XPF YER ZAR ZMW ZWG'
  ).split(' '),
);

function digits(count: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, count]));
}

export function isCurrency(code: string): boolean {
  return IN_USE.has(code);
}

/** Digits of a currency behind the point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyDigits(code: string): number {
  return OTHER_DIGITS[code] ?? 2;
}

/** Largest amount of a sale, in the smallest unit; the bound of AmountMinor. */
const MAX_MINOR = 1_000_000_000_000;
const DECIMAL = /^([+-]?)(\d{1,15})(?:\.(\d{1,12}))?$/;

/** An amount written in the currency's main unit, such as `19.90`, in its smallest unit: exact, digit by digit.
 *  @returns whole, negative for `-19.90`; null when the text is no plain decimal number, is above a million
 *  million in the smallest unit, or has digits other than 0 beyond those that the currency has */
export function minorOf(text: string, currency: string): number | null {
  const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === '') return null;
  const count = currencyDigits(currency);
  if (/[1-9]/.test(fraction.slice(count))) return null;
  const minor = Number(whole + fraction.slice(0, count).padEnd(count, '0'));
  if (minor > MAX_MINOR) return null;
  return sign === '-' && minor !== 0 ? -minor : minor;
}
