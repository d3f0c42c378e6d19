/** Name and password before the host. */
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i;
/** Credentials that some cameras take in the path or the query, e.g. `/user=admin&password=x`. */
const SECRET_FIELDS = /((?:user(?:name)?|usr|pass(?:word|wd)?|pwd|token|key|auth)=)[^&/;\s]+/gi;

/** A camera source that may be shown: without name, password or token.
 *  @param source rtsp(s) address, file or device */
export function redactSource(source: string): string {
  return source.replace(USER_INFO, '$1').replace(SECRET_FIELDS, '$1***');
}
