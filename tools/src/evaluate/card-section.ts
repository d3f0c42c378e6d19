/** Puts text between a model card's markers `<!-- name:begin -->` and `<!-- name:end -->`.
 *  @throws Error when the card has no such markers */
export function replaceSection(card: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [card.indexOf(begin), card.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the model card has no section ${begin} … ${end}`);
  return `${card.slice(0, from)}${begin}\n\n${text}\n\n${card.slice(to)}`;
}
