import { RegularsError } from '@regulars/contracts';

const STRING_OR_LONG_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{16,}(?![\d.eE])/g;

/** Parses JSON without losing a digit of a whole number: one of 16 digits and more, as Shopify's ids may be,
 *  becomes a text.
 *  @throws RegularsError WEBHOOK_INVALID */
export function exactJson(text: string): unknown {
  const quoted = text.replace(STRING_OR_LONG_NUMBER, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  try {
    return JSON.parse(quoted) as unknown;
  } catch (cause) {
    throw new RegularsError('WEBHOOK_INVALID', { body: 'not valid JSON' }, { cause });
  }
}
