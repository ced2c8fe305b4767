import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listBalanceTransactions, readBalance } from './charges.js';
import type { Context } from './context.js';
import { expandAnswer } from './expand.js';
import { parseForm } from './parameters.js';
import {
  type Answer,
  cancelIntent,
  confirmIntent,
  createIntent,
  listIntents,
  updateIntent,
} from './payment-intents.js';
import { invalid, noSuch, StripeProblem } from './problem.js';
import { createRefund, listRefunds } from './refunds.js';
import { API_VERSION, type Objects } from './store.js';

const KEY = 'sk_test_stuiver';

type Parameters = Record<string, unknown>;
type Writer = (objects: Objects, given: Parameters, id: string) => Promise<Answer>;
type Reader = (objects: Objects, given: Parameters) => Promise<unknown>;

/** Every address of the API, as a table. */
export function apiRoutes(server: FastifyInstance, context: Context): void {
  const pages = context.pages;
  const writes: Readonly<Record<string, Writer>> = {
    '/v1/payment_intents': (objects, given) => createIntent(objects, given, pages()),
    '/v1/payment_intents/:id': (objects, given, id) => updateIntent(objects, id, given),
    '/v1/payment_intents/:id/confirm': (objects, given, id) =>
      confirmIntent(objects, { id, given, pages: pages() }),
    '/v1/payment_intents/:id/cancel': (objects, given, id) => cancelIntent(objects, id, given),
    '/v1/refunds': (objects, given) => createRefund(objects, given),
  };
  const lists: Readonly<Record<string, Reader>> = {
    '/v1/payment_intents': listIntents,
    '/v1/refunds': listRefunds,
    '/v1/balance_transactions': listBalanceTransactions,
    '/v1/balance': (objects) => readBalance(objects),
  };
  const objects = [
    'payment_intent',
    'charge',
    'refund',
    'balance_transaction',
    'event',
    'payment_method',
  ];
  for (const [path, write] of Object.entries(writes)) {
    server.post(path, (request, reply) => post(context, { request, reply, write }));
  }
  for (const [path, read] of Object.entries(lists)) {
    server.get(path, (request, reply) =>
      get(context, { request, reply, read: (store) => read(store, queryOf(request)) }),
    );
  }
  for (const object of objects) {
    server.get(`/v1/${object}s/:id`, (request, reply) =>
      get(context, { request, reply, read: (store) => findOne(store, object, idOf(request)) }),
    );
  }
  server.setNotFoundHandler((request, reply) => {
    const message = `Unrecognized request URL (${request.method}: ${request.url}).`;
    return answerProblem(reply, new StripeProblem(404, { type: 'invalid_request_error', message }));
  });
  server.setErrorHandler((error, _request, reply) => answerProblem(reply, asProblem(error)));
  server.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply);
    if (request.url.startsWith('/v1/')) authenticate(request);
    done();
  });
}

/** Bearer, or Basic with the key as the user. */
function authenticate(request: FastifyRequest): void {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ', 2);
  const key = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().split(':')[0] : value;
  if (['Bearer', 'Basic'].includes(scheme) && key === KEY) return;
  const message = key === '' ? 'You did not provide an API key.' : 'Invalid API Key provided.';
  throw new StripeProblem(401, { type: 'invalid_request_error', message });
}

function stamp(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('request-id', `req_${randomBytes(8).toString('hex')}`);
  reply.header('stripe-version', request.headers['stripe-version'] ?? API_VERSION);
}

async function post(
  context: Context,
  call: { request: FastifyRequest; reply: FastifyReply; write: Writer },
): Promise<FastifyReply> {
  const { request, reply, write } = call;
  const body = typeof request.body === 'string' ? request.body : '';
  const key = request.headers['idempotency-key'];
  const given = parseForm(body);
  const answer = await context.calls.call(
    { key: typeof key === 'string' ? key : undefined, path: request.url, body },
    async (objects) => expandAnswer(objects, await write(objects, given, idOf(request)), given),
  );
  if (typeof key === 'string') reply.header('idempotency-key', key);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  else if (context.faults.strike(request.url, reply)) return reply;
  return reply.code(answer.status).type('application/json').send(answer.body);
}

async function get(
  context: Context,
  call: { request: FastifyRequest; reply: FastifyReply; read: Reader },
): Promise<FastifyReply> {
  const given = queryOf(call.request);
  const answer = await context.run(async (objects) =>
    expandAnswer(objects, { status: 200, body: await call.read(objects, given) }, given),
  );
  return call.reply.code(answer.status).send(answer.body);
}

async function findOne(objects: Objects, object: string, id: string): Promise<unknown> {
  const doc = await objects.find(id);
  if (doc?.object !== object) throw noSuch(object, id);
  return doc;
}

function queryOf(request: FastifyRequest): Parameters {
  return parseForm(request.url.split('?', 2)[1] ?? '');
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id?: string };
  return id ?? '';
}

function asProblem(error: unknown): StripeProblem {
  if (error instanceof StripeProblem) return error;
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  if (status < 500) return invalid(error instanceof Error ? error.message : 'Invalid request');
  process.stderr.write(
    `psp-sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new StripeProblem(500, { type: 'api_error', message: 'The sandbox failed.' });
}

function answerProblem(reply: FastifyReply, problem: StripeProblem): FastifyReply {
  return reply.code(problem.status).send({ error: problem.error });
}
