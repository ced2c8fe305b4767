import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { updateAccount } from './accounts.js';
import type { Context } from './context.js';
import { escape, type Language, languageOf, PAGE_HEADERS, renderPage } from './page-shell.js';
import { check, Expand, parseForm } from './parameters.js';
import { type Answer, noSuch } from './problem.js';
import type { Doc, Objects } from './store.js';
import { needAccount } from './transfers.js';

/** As at Stripe: a link is opened at once or asked for again. */
const LINK_SECONDS = 300;

const CreateParameters = z.strictObject({
  account: z.string(),
  type: z.enum(['account_onboarding', 'account_update']),
  return_url: z.url(),
  refresh_url: z.url(),
  expand: Expand,
});

/** A page of the PSP's on which a merchant says who they are and where to pay them. */
export async function createAccountLink(
  objects: Objects,
  given: unknown,
  pages: URL,
): Promise<Answer> {
  const asked = check(CreateParameters, given);
  await needAccount(objects, asked.account, 'account');
  const [id, secret] = [objects.newId('alink'), objects.newId('secret')];
  const link = {
    object: 'account_link',
    created: objects.created,
    expires_at: objects.created + LINK_SECONDS,
    url: new URL(`/connect/${id}/${secret}`, pages).href,
  };
  const { account, return_url: returnUrl, refresh_url: refreshUrl } = asked;
  await objects.save({ id, ...link }, { secret, account, returnUrl, refreshUrl });
  return { status: 200, body: link };
}

const WORDS = {
  nl: {
    title: 'Uitbetaald worden',
    test: 'Testomgeving: er wordt geen echt geld overgemaakt.',
    who: 'Winkel',
    iban: 'IBAN waarop je uitbetaald wilt worden',
    wrong: 'Dit is geen geldig IBAN.',
    yes: 'Opslaan en terug',
  },
  en: {
    title: 'Get paid out',
    test: 'Test environment: no real money is moved.',
    who: 'Shop',
    iban: 'IBAN to be paid out to',
    wrong: 'This is not a valid IBAN.',
    yes: 'Save and go back',
  },
} as const;

interface Hidden {
  readonly secret: string;
  readonly account: string;
  readonly returnUrl: string;
  readonly refreshUrl: string;
}

interface Setup {
  readonly link: Doc;
  readonly account: Doc;
  readonly hidden: Hidden;
  readonly isOver: boolean;
}

/** Where such a link leads. */
export function setupPages(server: FastifyInstance, context: Context): void {
  server.get('/connect/:id/:secret', async (request, reply) => {
    const setup = await context.run((objects) => openSetup(objects, request));
    reply.headers(PAGE_HEADERS);
    if (setup.isOver) return reply.code(303).header('location', setup.hidden.refreshUrl).send();
    const language = languageOf(request.headers['accept-language']);
    return reply.type('text/html; charset=utf-8').send(render(setup.account, language, null));
  });
  server.post('/connect/:id/:secret', async (request, reply) => {
    const given = parseForm(String(request.body))['iban'];
    const iban = (typeof given === 'string' ? given : '').replaceAll(/\s/g, '').toUpperCase();
    const setup = await context.run((objects) => finishSetup(objects, request, iban));
    reply.headers(PAGE_HEADERS);
    if (!isValidIBAN(iban)) {
      const language = languageOf(request.headers['accept-language']);
      const page = render(setup.account, language, iban);
      return reply.code(400).type('text/html; charset=utf-8').send(page);
    }
    const { returnUrl, refreshUrl } = setup.hidden;
    return reply
      .code(303)
      .header('location', setup.isOver ? refreshUrl : returnUrl)
      .send();
  });
}

async function openSetup(objects: Objects, request: FastifyRequest): Promise<Setup> {
  const { id, secret } = request.params as { id: string; secret: string };
  const { doc: link, hidden } = await objects.lock('account_link', id);
  const known = hidden as unknown as Hidden;
  if (known.secret !== secret) throw noSuch('account_link', id);
  const account = await objects.find(known.account);
  if (account === undefined) throw noSuch('account', known.account);
  const isOver = link['used'] === true || Number(link['expires_at']) < objects.created;
  return { link, account, hidden: known, isOver };
}

/** A link is good for one answer; a wrong IBAN is none. */
async function finishSetup(
  objects: Objects,
  request: FastifyRequest,
  iban: string,
): Promise<Setup> {
  const setup = await openSetup(objects, request);
  if (setup.isOver || !isValidIBAN(iban)) return setup;
  await updateAccount(objects, setup.account.id, {
    external_account: {
      ...{ object: 'bank_account', country: iban.slice(0, 2), currency: 'eur' },
      account_number: iban,
    },
  });
  await objects.save({ ...setup.link, used: true }, { ...setup.hidden });
  return setup;
}

function render(account: Doc, language: Language, wrong: string | null): string {
  const words = WORDS[language];
  const { name } = account['business_profile'] as { name: string | null };
  const problem =
    wrong === null ? '' : `<p class="problem" id="problem" role="alert">${words.wrong}</p>`;
  return renderPage({
    language,
    title: words.title,
    main: `
    <h1>${words.title}</h1>
    <p class="test">${words.test}</p>
    <dl><dt>${words.who}</dt><dd>${escape(name ?? '—')}</dd></dl>
    <form method="post">
      <label>${words.iban}
        <input name="iban" required autocomplete="off" spellcheck="false" value="${escape(wrong ?? '')}"
          ${wrong === null ? '' : 'aria-invalid="true" aria-describedby="problem"'}>
      </label>
      ${problem}
      <button class="yes">${words.yes}</button>
    </form>`,
  });
}
