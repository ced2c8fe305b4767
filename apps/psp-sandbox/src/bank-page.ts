import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from './context.js';
import { parseForm } from './parameters.js';
import { escape, type Language, languageOf, PAGE_HEADERS, renderPage } from './page-shell.js';
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
    return reply.headers(PAGE_HEADERS).type('text/html; charset=utf-8').send(render(page));
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

async function openPage(any: Objects, request: FastifyRequest): Promise<Page> {
  const { id, secret } = request.params as { id: string; secret: string };
  const objects = await any.asOwnerOf(id);
  const { doc, hidden } = await objects.lock('payment_intent', id);
  if (hidden['secret'] !== secret) throw noSuch('payment_intent', id);
  const language = languageOf(request.headers['accept-language']);
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
  return reply.headers(PAGE_HEADERS).code(303).header('location', url).send();
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
  return renderPage({
    language,
    title: `${heading} – ${words.title}`,
    main: `
    <h1>${heading}</h1>
    <p class="test">${words.test}</p>
    <dl>
      <dt>${words.to}</dt><dd>${escape(typeof intent['description'] === 'string' ? intent['description'] : '—')}</dd>
      <dt>${words.amount}</dt><dd class="amount">${amount}</dd>
    </dl>
    ${open ? form : ended}`,
  });
}
