import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from './context.js';
import { parseForm } from './parameters.js';
import { fail, succeed } from './payment-intents.js';
import { invalid, noSuch } from './problem.js';
import type { Doc, Objects } from './store.js';

const WORDS = {
  nl: {
    title: 'Je bank',
    test: 'Testomgeving: er wordt geen echt geld overgemaakt.',
    to: 'Aan',
    amount: 'Bedrag',
    yes: 'Betaling goedkeuren',
    no: 'Laat mislukken',
    done: 'Deze betaling is al afgerond.',
    back: 'Terug naar de winkel',
    card: 'Je kaart bevestigen',
  },
  en: {
    title: 'Your bank',
    test: 'Test environment: no real money is moved.',
    to: 'To',
    amount: 'Amount',
    yes: 'Authorise payment',
    no: 'Fail payment',
    done: 'This payment has ended already.',
    back: 'Back to the shop',
    card: 'Confirm your card',
  },
} as const;
type Language = keyof typeof WORDS;

interface Page {
  /** Of the account whose intent it is. */
  readonly objects: Objects;
  readonly intent: Doc;
  readonly hidden: Record<string, unknown>;
  readonly language: Language;
}

/** Where a redirected payer says yes or no: the bank of "iDEAL | Wero", or a card's 3-D Secure. */
export function bankPages(server: FastifyInstance, context: Context): void {
  server.get('/bank/:id/:secret', async (request, reply) => {
    const page = await context.run((objects) => openPage(objects, request));
    return reply.headers(HEADERS).type('text/html; charset=utf-8').send(render(page));
  });
  server.post('/bank/:id/:secret', async (request, reply) => {
    const outcome = outcomeOf(parseForm(String(request.body))['outcome']);
    const back = await context.run(async (objects) => {
      const page = await openPage(objects, request);
      return returnUrl(await decideIntent(page.objects, page.intent, outcome), page.hidden);
    });
    return redirectTo(reply, back);
  });
}

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

async function openPage(any: Objects, request: FastifyRequest): Promise<Page> {
  const { id, secret } = request.params as { id: string; secret: string };
  const objects = await any.asOwnerOf(id);
  const { doc, hidden } = await objects.lock('payment_intent', id);
  if (hidden['secret'] !== secret) throw noSuch('payment_intent', id);
  const language = (request.headers['accept-language'] ?? '').toLowerCase().startsWith('en')
    ? 'en'
    : 'nl';
  return { objects, intent: doc, hidden, language };
}

type Outcome = 'authorise' | 'fail';

function outcomeOf(value: unknown): Outcome {
  if (value === 'authorise' || value === 'fail') return value;
  throw invalid('outcome must be authorise or fail', { param: 'outcome' });
}

/** A second answer changes nothing: the payer is sent back with what became of the first. */
export async function decideIntent(objects: Objects, intent: Doc, outcome: Outcome): Promise<Doc> {
  if (intent['status'] !== 'requires_action') return intent;
  const method = await objects.find(String(intent['payment_method']));
  if (method === undefined) throw noSuch('payment_method', String(intent['payment_method']));
  if (outcome === 'authorise') return succeed(objects, intent, method);
  return fail(objects, intent, { method, declineCode: 'authentication_required' });
}

function returnUrl(intent: Doc, hidden: Record<string, unknown>): string {
  const url = new URL(String(hidden['returnUrl']));
  url.searchParams.set('payment_intent', intent.id);
  url.searchParams.set('payment_intent_client_secret', String(intent['client_secret']));
  url.searchParams.set(
    'redirect_status',
    intent['status'] === 'succeeded' ? 'succeeded' : 'failed',
  );
  return url.href;
}

function redirectTo(reply: FastifyReply, url: string): FastifyReply {
  return reply.headers(HEADERS).code(303).header('location', url).send();
}

function render({ intent, hidden, language }: Page): string {
  const words = WORDS[language];
  const ideal = (intent['payment_method_types'] as string[]).includes('ideal');
  const heading = ideal ? 'iDEAL | Wero' : words.card;
  const amount = new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(
    Number(intent['amount']) / 100,
  );
  const open = intent['status'] === 'requires_action';
  const form = `<form method="post">
      <button name="outcome" value="authorise" class="yes">${words.yes}</button>
      <button name="outcome" value="fail">${words.no}</button>
    </form>`;
  const ended = `<p>${words.done}</p><p><a href="${escape(returnUrl(intent, hidden))}">${words.back}</a></p>`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading} – ${words.title}</title>
<style>${STYLE}</style>
</head>
<body>
  <main>
    <h1>${heading}</h1>
    <p class="test">${words.test}</p>
    <dl>
      <dt>${words.to}</dt><dd>${escape(typeof intent['description'] === 'string' ? intent['description'] : '—')}</dd>
      <dt>${words.amount}</dt><dd class="amount">${amount}</dd>
    </dl>
    ${open ? form : ended}
  </main>
</body>
</html>`;
}

function escape(text: string): string {
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
