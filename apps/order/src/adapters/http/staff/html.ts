import { createHash } from 'node:crypto';

/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}
}

type Piece = string | number | Html | readonly Html[];

/** HTML with everything between the pieces escaped: html`<p>${name}</p>`. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const text = strings.map((part, index) => part + show(pieces[index] ?? '')).join('');
  return new Html(text);
}

function show(piece: Piece): string {
  if (piece instanceof Html) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('');
  return String(piece)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1917; --ground: #fafaf9; --card: #fff; --line: #78716c; --act: #0f5132; --bad: #9f1239; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #f5f5f4; --ground: #1c1917; --card: #292524; --line: #a8a29e; --act: #86efac; --bad: #fda4af; }
}
* { box-sizing: border-box; }
body { margin: 0; padding: 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 4vh auto 0; padding: 1.5rem; background: var(--card); border-radius: 0.75rem; overflow-wrap: anywhere; }
main.wide { max-width: 48rem; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
label { display: block; margin: 1rem 0 0.25rem; font-weight: 600; }
input, button { width: 100%; min-height: 2.75rem; padding: 0.5rem 0.75rem; border-radius: 0.5rem; font: inherit; }
input { border: 1px solid var(--line); background: var(--card); color: inherit; }
button { margin-top: 1.5rem; border: 0; background: var(--act); color: var(--card); font-weight: 600; cursor: pointer; }
:focus-visible { outline: 3px solid var(--act); outline-offset: 2px; }
a { color: var(--act); }
pre { white-space: pre-wrap; font: inherit; }
.problem { margin: 0 0 1rem; padding: 0.75rem; border-left: 4px solid var(--bad); }
.hint { margin: 0.25rem 0 0; font-size: 0.875rem; }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** No script, no foreign style, no frame; forms go to ourselves. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  // With no-referrer a browser would send our own forms with `Origin: null`.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function page(content: {
  readonly lang: 'nl' | 'en';
  readonly title: string;
  readonly body: Html;
  readonly isWide?: boolean;
}): string {
  const { lang, title, body, isWide = false } = content;
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Stuiver</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main${new Html(isWide ? ' class="wide"' : '')}>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`.text;
}
