/** What the sandbox's pages share: none runs a script, and none can be framed. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export type Language = 'nl' | 'en';

/** English for those who ask for it first; Dutch otherwise. */
export function languageOf(acceptLanguage: string | undefined): Language {
  return (acceptLanguage ?? '').toLowerCase().startsWith('en') ? 'en' : 'nl';
}

/** @param page.main  HTML; whatever came from outside is escaped in it. */
export function renderPage(page: { language: Language; title: string; main: string }): string {
  return `<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title}</title>
<style>${STYLE}</style>
</head>
<body>
  <main>${page.main}</main>
</body>
</html>`;
}

export function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const STYLE = `
  :root { color-scheme: light dark; font: 17px/1.5 system-ui, sans-serif; }
  body {
    margin: 0;
    display: grid;
    place-items: center;
    min-height: 100vh;
    background: light-dark(#f2f0ec, #16181b);
    color: light-dark(#1d1f22, #f2f0ec);
  }
  main {
    box-sizing: border-box;
    width: min(26rem, 100%);
    padding: 24px;
    border-radius: 16px;
    background: light-dark(#fff, #202327);
  }
  h1 { margin: 0; font-size: 28px; }
  .test { margin: 8px 0 24px; font-size: 15px; }
  dl { display: grid; grid-template-columns: auto 1fr; gap: 8px 16px; margin: 0 0 24px; }
  dt { opacity: .8; } dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
  .amount { font-size: 28px; font-variant-numeric: tabular-nums; }
  form { display: grid; gap: 12px; }
  label { display: grid; gap: 4px; }
  input {
    font: inherit;
    min-height: 48px;
    padding: 0 12px;
    border-radius: 8px;
    border: 1px solid currentColor;
    background: none;
    color: inherit;
  }
  .problem { margin: 0; font-weight: 600; }
  button {
    font: inherit;
    min-height: 48px;
    border-radius: 8px;
    border: 1px solid currentColor;
    background: none;
    color: inherit;
    cursor: pointer;
  }
  .yes {
    background: light-dark(#0b5d3b, #7fd6ac);
    color: light-dark(#fff, #06301e);
    border: 0;
    font-weight: 600;
  }
  :focus-visible { outline: 3px solid light-dark(#1a4fd6, #9db8ff); outline-offset: 2px; }
`;
