import { randomBytes } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CafeConfig } from './config.js';
import { MENU, type OrderLine } from './menu.js';
import { type CafeOrder, CafeOrders } from './orders.js';
import { CafePayments, PaymentRefused } from './payments.js';

const SessionBody = z.strictObject({ code: z.string().min(1).max(128) });
const OrderBody = z.strictObject({
  session: z.string(),
  items: z
    .array(z.strictObject({ id: z.string(), quantity: z.number().int().min(1).max(20) }))
    .min(1)
    .max(20),
});
const RefundBody = z.strictObject({ session: z.string(), part: z.enum(['half', 'rest']) });
const Openid = z.object({ openid: z.string() });
/** As much as an order's description holds on the wire. */
const DESCRIPTION_CHARACTERS_MAX = 127;
const SESSIONS_MAX = 10_000;
const LOGIN_MS_MAX = 10_000;

class NotYours extends Error {
  override readonly name = 'NotYours';
}

/** Sessions live in memory: after a restart the page signs in again, unseen. */
class UnknownSession extends Error {
  override readonly name = 'UnknownSession';
}

/** What every address of the café needs. */
interface Counter {
  readonly config: CafeConfig;
  readonly orders: CafeOrders;
  readonly payments: CafePayments;
  /** Session → openid. */
  readonly sessions: Map<string, string>;
}

/** The café's own server: sessions, orders, refunds, and the door that Stuiver notifies. */
export async function startCafe(config: CafeConfig): Promise<FastifyInstance> {
  const counter: Counter = {
    config,
    orders: await CafeOrders.open(config.dataDir),
    payments: new CafePayments(config, `http://127.0.0.1:${config.port}/notify`),
    sessions: new Map(),
  };
  const server = fastify({ forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  // A packaged mini-program's frame has an opaque origin; its requests carry no cookies, only our session.
  server.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-allow-headers': 'content-type',
      'access-control-allow-methods': 'GET, POST',
    });
    if (request.method === 'OPTIONS') return reply.code(204).send();
  });
  server.setErrorHandler((error, _request, reply) => answerError(reply, error));
  server.get('/menu', () => ({ items: MENU }));
  server.post('/session', (request) => openSession(counter, request.body));
  server.post('/orders', (request) => placeOrder(counter, request.body));
  server.get<{ Params: { number: string }; Querystring: { session?: string } }>(
    '/orders/:number',
    (request) => showOrder(counter, request.params.number, request.query.session),
  );
  server.post<{ Params: { number: string } }>('/orders/:number/refund', (request) =>
    refundOrder(counter, request.params.number, request.body),
  );
  server.post('/notify', async (request, reply) => {
    await takeNotification(counter, request);
    return reply.code(204).send();
  });
  await server.listen({ port: config.port, host: '127.0.0.1' });
  return server;
}

async function openSession({ config, sessions }: Counter, body: unknown): Promise<object> {
  const { code } = SessionBody.parse(jsonOf(body));
  const openid = await redeem(config, code);
  const session = randomBytes(24).toString('base64url');
  if (sessions.size >= SESSIONS_MAX) sessions.clear();
  sessions.set(session, openid);
  return { session };
}

async function placeOrder(counter: Counter, body: unknown): Promise<object> {
  const { session, items } = OrderBody.parse(jsonOf(body));
  const openid = openidOf(counter, session);
  const lines = items.map(({ id, quantity }): OrderLine => {
    const item = MENU.find((entry) => entry.id === id);
    if (item === undefined) throw new NotYours();
    return { item, quantity };
  });
  const words = lines.map(({ item, quantity }) => `${quantity}× ${item.name}`).join(', ');
  const order = await counter.orders.place({
    openid,
    description: words.slice(0, DESCRIPTION_CHARACTERS_MAX),
    totalMinor: lines.reduce((sum, { item, quantity }) => sum + item.priceMinor * quantity, 0),
  });
  const payment = await counter.payments.order(order, lines);
  return { number: order.number, total: order.totalMinor, payment };
}

function openidOf({ sessions }: Counter, session: unknown): string {
  const openid = sessions.get(String(session));
  if (openid === undefined) throw new UnknownSession();
  return openid;
}

function ownOrder(counter: Counter, number: string, session: unknown): CafeOrder {
  const openid = openidOf(counter, session);
  const order = counter.orders.find(number);
  if (order?.openid !== openid) throw new NotYours();
  return order;
}

/** The notification is the news; when it is not here yet, asking is the truth. */
async function showOrder(counter: Counter, number: string, session: unknown): Promise<object> {
  const order = ownOrder(counter, number, session);
  if (order.paid || !(await counter.payments.isPaid(number))) return present(order);
  return present(await counter.orders.save({ ...ownOrder(counter, number, session), paid: true }));
}

async function refundOrder(counter: Counter, number: string, body: unknown): Promise<object> {
  const { session, part } = RefundBody.parse(jsonOf(body));
  const order = ownOrder(counter, number, session);
  const left = order.totalMinor - order.refundedMinor;
  if (left === 0) return present(order);
  const minor = part === 'half' ? Math.min(left, Math.floor(order.totalMinor / 2)) : left;
  const refunds = order.refunds + 1;
  const status = await counter.payments.refund(order, { number: `${number}-r${refunds}`, minor });
  const refundedMinor = order.refundedMinor + minor;
  // Read again: the notification may have come meanwhile.
  const now = ownOrder(counter, number, session);
  const saved = await counter.orders.save({ ...now, refunds, refundedMinor });
  return { ...present(saved), refund_status: status };
}

async function takeNotification(counter: Counter, request: FastifyRequest): Promise<void> {
  const news = await counter.payments.readNotification(request.headers, String(request.body));
  const order = news === undefined ? undefined : counter.orders.find(news.number);
  if (order !== undefined && news?.totalMinor === order.totalMinor) {
    await counter.orders.save({ ...order, paid: true, notified: true });
  }
}

function present(order: CafeOrder): object {
  return {
    number: order.number,
    total: order.totalMinor,
    paid: order.paid,
    notified: order.notified,
    refunded: order.refundedMinor,
  };
}

/** `wx.login`'s code becomes the payer's openid: once, and only between servers. */
async function redeem({ merchant }: CafeConfig, code: string): Promise<string> {
  const url = new URL('/sns/jscode2session', merchant.base_url);
  url.search = new URLSearchParams({
    appid: merchant.appid,
    secret: merchant.app_secret,
    js_code: code,
    grant_type: 'authorization_code',
  }).toString();
  const answer = await fetch(url, { signal: AbortSignal.timeout(LOGIN_MS_MAX) });
  const openid = Openid.safeParse(await answer.json());
  if (!openid.success) throw new NotYours();
  return openid.data.openid;
}

function jsonOf(body: unknown): unknown {
  return JSON.parse(String(body));
}

function answerError(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof UnknownSession) return reply.code(401).send({ message: 'Sign in again' });
  if (error instanceof NotYours) return reply.code(404).send({ message: 'There is no such order' });
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return reply.code(400).send({ message: 'The request is not understood' });
  }
  if (error instanceof PaymentRefused) return reply.code(409).send({ message: error.message });
  return reply.code(502).send({ message: 'Stuiver did not answer; try again' });
}
