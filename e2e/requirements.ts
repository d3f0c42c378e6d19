/** What this machine has of what an end-to-end suite needs. Without all of it the suite is skipped with the
 *  reason printed, or fails when REGULARS_REQUIRE_SERVICES=1.
 *  @param data development pictures, which are never demanded: they are not part of the repository */
export function requirements(
  suite: string,
  needed: Readonly<Record<string, boolean>>,
  data: boolean,
): boolean {
  if (!data) {
    console.warn(`${suite}: skipped, for want of the development pictures at ../shared/data`);
    return false;
  }
  const missing = Object.entries(needed)
    .filter(([, present]) => !present)
    .map(([name]) => name);
  if (missing.length === 0) return true;
  const reason = `${suite}: skipped, for want of ${missing.join(', ')}`;
  if (process.env['REGULARS_REQUIRE_SERVICES'] === '1') throw new Error(reason);
  console.warn(reason);
  return false;
}
