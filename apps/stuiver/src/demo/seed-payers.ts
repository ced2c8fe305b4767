import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../run/secrets.js';
import { DEMO_PAYERS, DEMO_WALLET_MINOR } from './demo-world.js';

const Session = z.object({ user: z.object({ user_id: z.string() }) });
const Login = z.object({ code: z.string() });
const Openid = z.object({ openid: z.string() });
const TopUp = z.object({ top_up_id: z.string(), state: z.string() });
const Balance = z.object({ available_minor: z.string() });
const MerchantFile = z.object({ appid: z.string(), app_secret: z.string() });

const FILLED_MS_MAX = 10_000;
const POLL_MS = 50;
/** The PSP sandbox's name for a card that always pays. */
const GOOD_CARD = 'pm_card_visa';

interface DemoPayer {
  readonly name: string;
  readonly openid: string;
  readonly user_id: string;
  readonly wallet_minor: string;
  readonly token: string;
  readonly pin: string;
}

/**
 * Demo payers, made as a newcomer makes an account: guest first, then kept with a name and a PIN, the wallet filled by
 * a real card payment at the PSP. Writes `{dataDir}/demo/payers.json` when all are there.
 */
export async function seedPayers(options: {
  dataDir: string;
  apiUrl: string;
  fillsWallets: boolean;
}): Promise<void> {
  const file = join(options.dataDir, 'demo', 'payers.json');
  if ((await readFile(file).catch(() => undefined)) !== undefined) return;
  const merchant = MerchantFile.parse(
    JSON.parse(await readFile(join(options.dataDir, 'demo', 'merchant', 'merchant.json'), 'utf8')),
  );
  const payers = await Promise.all(
    DEMO_PAYERS.map((person) => seedPayer(options, merchant, person)),
  );
  await writePrivateFile(file, JSON.stringify(payers, null, 2));
}

async function seedPayer(
  { apiUrl, fillsWallets }: { apiUrl: string; fillsWallets: boolean },
  merchant: z.infer<typeof MerchantFile>,
  person: { name: string; pin: string },
): Promise<DemoPayer> {
  const { token, userId } = await newGuest(apiUrl);
  const call = (method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> =>
    callAs(token, { url: new URL(path, apiUrl), method, body });
  await call('POST', '/wallet/keep', person);
  const { code } = Login.parse(await call('POST', '/checkout/login', { appid: merchant.appid }));
  const query = new URLSearchParams({
    appid: merchant.appid,
    secret: merchant.app_secret,
    js_code: code,
    grant_type: 'authorization_code',
  });
  const { openid } = Openid.parse(await call('GET', `/sns/jscode2session?${query.toString()}`));
  const balance = fillsWallets ? await fillWallet(call) : '0';
  return { ...person, openid, user_id: userId, wallet_minor: balance, token };
}

async function fillWallet(
  call: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<unknown>,
): Promise<string> {
  TopUp.parse(
    await call('POST', '/wallet/top-ups', {
      amount_minor: DEMO_WALLET_MINOR.toString(),
      method: 'card',
      card_token: GOOD_CARD,
    }),
  );
  return untilFilled(() => call('GET', '/wallet/balance'));
}

async function newGuest(apiUrl: string): Promise<{ token: string; userId: string }> {
  const answer = await fetch(new URL('/wallet/session/guest', apiUrl), { method: 'POST' });
  const { user } = Session.parse(await answer.json());
  const cookie = answer.headers.getSetCookie().join('; ');
  const token = /stuiver_session=([^;]+)/.exec(cookie)?.[1];
  if (token === undefined) throw new Error('a guest gets a session');
  return { token, userId: user.user_id };
}

async function callAs(
  token: string,
  request: { url: URL; method: 'GET' | 'POST'; body: unknown },
): Promise<unknown> {
  const answer = await fetch(request.url, {
    method: request.method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const content: unknown = await answer.json();
  if (answer.ok) return content;
  throw new Error(
    `seeding: ${request.url.pathname} answers ${String(answer.status)} ${JSON.stringify(content)}`,
  );
}

async function untilFilled(look: () => Promise<unknown>): Promise<string> {
  const deadline = performance.now() + FILLED_MS_MAX;
  for (;;) {
    const { available_minor: available } = Balance.parse(await look());
    if (BigInt(available) >= DEMO_WALLET_MINOR) return available;
    if (performance.now() > deadline) throw new Error('a demo wallet was not filled in time');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
