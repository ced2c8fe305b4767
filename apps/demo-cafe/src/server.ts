import { randomBytes } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { CafeConfig } from './config.js';
import { MENU } from './menu.js';
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
const SESSIONS_MAX = 10_000;
const LOGIN_MS_MAX = 10_000;

class NotYours extends Error {
  override readonly name = 'NotYours';
}

/** The café's own server: sessions, orders, refunds, and the door that Stuiver notifies. */
export async function startCafe(config: CafeConfig): Promise<FastifyInstance> {
  const orders = await CafeOrders.open(config.dataDir);
  const payments = new CafePayments(config, `http://127.0.0.1:${config.port}/notify`);
  const sessions = new Map<string, string>();
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

  server.post('/session', async (request) => {
    const { code } = SessionBody.parse(jsonOf(request.body));
    const openid = await redeem(config, code);
    const session = randomBytes(24).toString('base64url');
    if (sessions.size >= SESSIONS_MAX) sessions.clear();
    sessions.set(session, openid);
    return { session };
  });

  server.post('/orders', async (request) => {
    const { session, items } = OrderBody.parse(jsonOf(request.body));
    const openid = sessions.get(session);
    if (openid === undefined) throw new NotYours();
    const lines = items.map(({ id, quantity }) => {
      const item = MENU.find((entry) => entry.id === id);
      if (item === undefined) throw new NotYours();
      return { item, quantity };
    });
    const order = await orders.place({
      openid,
      description: lines
        .map(({ item, quantity }) => `${quantity}× ${item.name}`)
        .join(', ')
        .slice(0, 127),
      totalMinor: lines.reduce((sum, { item, quantity }) => sum + item.priceMinor * quantity, 0),
    });
    return { number: order.number, total: order.totalMinor, payment: await payments.order(order) };
  });

  const owned = (number: string, session: unknown): CafeOrder => {
    const order = orders.find(number);
    if (order === undefined || order.openid !== sessions.get(String(session))) throw new NotYours();
    return order;
  };

  server.get<{ Params: { number: string }; Querystring: { session?: string } }>(
    '/orders/:number',
    async (request) => {
      const order = owned(request.params.number, request.query.session);
      // The notification is the news; when it is not here yet, asking is the truth.
      const paid = order.paid || (await payments.isPaid(order.number));
      return present(paid === order.paid ? order : await orders.save({ ...order, paid }));
    },
  );

  server.post<{ Params: { number: string } }>('/orders/:number/refund', async (request) => {
    const { session, part } = RefundBody.parse(jsonOf(request.body));
    const order = owned(request.params.number, session);
    const left = order.totalMinor - order.refundedMinor;
    const minor = part === 'half' ? Math.min(left, Math.floor(order.totalMinor / 2)) : left;
    const refunds = order.refunds + 1;
    const status = await payments.refund(order, { number: `${order.number}-r${refunds}`, minor });
    const saved = await orders.save({
      ...order,
      refunds,
      refundedMinor: order.refundedMinor + minor,
    });
    return { ...present(saved), refund_status: status };
  });

  server.post('/notify', async (request, reply) => {
    const news = await payments.readNotification(request.headers, String(request.body));
    const order = news === undefined ? undefined : orders.find(news.number);
    if (order !== undefined && news?.totalMinor === order.totalMinor) {
      await orders.save({ ...order, paid: true, notified: true });
    }
    return reply.code(204).send();
  });

  await server.listen({ port: config.port, host: '127.0.0.1' });
  return server;
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
  if (error instanceof NotYours) return reply.code(404).send({ message: 'There is no such order' });
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return reply.code(400).send({ message: 'The request is not understood' });
  }
  if (error instanceof PaymentRefused) return reply.code(409).send({ message: error.message });
  return reply.code(502).send({ message: 'Stuiver did not answer; try again' });
}
