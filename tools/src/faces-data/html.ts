/** Pieces of pages that stand alone: nothing in them comes from elsewhere. */

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .6rem;text-align:right}th:first-child,td:first-child{text-align:left}figure{display:inline-block;margin:.3rem;text-align:center;font-size:12px}img{width:96px;height:96px;object-fit:cover;display:block}svg{background:#fafafa;border:1px solid #ddd}';

export const escaped = (text: string): string =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );

/** @param body HTML */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>
<style>${STYLE}</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`;
}

/** A picture within the page, with lines of text under it. */
export function figure(picture: Uint8Array, mime: string, lines: readonly string[]): string {
  const source = `data:${mime};base64,${Buffer.from(picture).toString('base64')}`;
  return `<figure><img alt="" src="${source}"><figcaption>${lines.map(escaped).join('<br>')}</figcaption></figure>`;
}

/** @param rows the first is the head */
export function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${cells(head, 'th')}${body.map((row) => cells(row, 'td')).join('')}</table>`;
}
