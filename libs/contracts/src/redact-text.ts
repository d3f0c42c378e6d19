export const REDACTED = '[redacted]';

const LONGEST_TEXT = 4_000;
/** Up to the last @ before a blank: a password may itself hold @, / or quotes. */
const URL_CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)\S*@/gi;
const AUTHORISATION = /\b(bearer|basic|digest)\s+[^\s,;"']{4,}/gi;
/** Cameras take credentials in the query and even in the path: /user=admin&password=secret&channel=1. */
const ASSIGNMENT =
  /\b(user(?:name)?|usr|pass(?:word|wd)?|pwd|token|secret|auth|api[_-]?key)(\s*=\s*)(?:"[^"]*"|'[^']*'|[^\s&,;"']*)/gi;

/** Text without the credentials in its addresses, headers and query strings, at most 4,000 characters of it. */
export function redactText(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
  return short
    .replace(URL_CREDENTIALS, `$1${REDACTED}@`)
    .replace(AUTHORISATION, `$1 ${REDACTED}`)
    .replace(ASSIGNMENT, `$1$2${REDACTED}`);
}
