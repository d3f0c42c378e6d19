/** A share typed in per cent, e.g. "10" gives 0.1.
 *  @param most per cent
 *  @returns null when it is no number from 0 to `most` */
export function shareOf(text: string, most: number): number | null {
  if (!/^\d{1,3}(?:[.,]\d{1,2})?$/.test(text.trim())) return null;
  const percent = Number(text.trim().replace(',', '.'));
  return percent > most ? null : percent / 100;
}
