import { captureIntent } from './captures.js';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createAccountLink } from './account-links.js';
import { checkCallersAccount, createAccount, listAccounts, updateAccount } from './accounts.js';
import { accountIn, authenticate, isPublic } from './authenticate.js';
import { listBalanceTransactions, readBalance } from './balance.js';
import { listCharges } from './charges.js';
import type { Context } from './context.js';
import { closeDispute, listDisputes, updateDispute } from './disputes.js';
import { listEvents } from './events.js';
import { expandAnswer } from './expand.js';
import { cut } from './faults.js';
import { searchIntents } from './lists.js';
import { parseForm } from './parameters.js';
import {
  cancelIntent,
  confirmIntent,
  createIntent,
  listIntents,
  updateIntent,
} from './payment-intents.js';
import { findPaymentMethod, isTestCard } from './payment-methods.js';
import { cancelPayout, createPayout, listPayouts } from './payouts.js';
import { type Answer, asProblem, noSuch, StripeProblem } from './problem.js';
import { createRefund, listRefunds } from './refunds.js';
import type { Caller, Objects } from './store.js';
import { createTransfer, listTransfers, reverseTransfer } from './transfers.js';
import { versionOf } from './versions.js';
import { createEndpoint, deleteEndpoint, listEndpoints } from './webhook-endpoints.js';

type Parameters = Record<string, unknown>;
type Writer = (objects: Objects, given: Parameters, id: string) => Promise<Answer>;
type Reader = (objects: Objects, given: Parameters) => Promise<unknown>;

const LISTS: Readonly<Record<string, Reader>> = {
  '/v1/payment_intents': listIntents,
  '/v1/payment_intents/search': searchIntents,
  '/v1/charges': listCharges,
  '/v1/refunds': listRefunds,
  '/v1/events': listEvents,
  '/v1/balance_transactions': listBalanceTransactions,
  '/v1/balance': readBalance,
  '/v1/payouts': listPayouts,
  '/v1/accounts': listAccounts,
  '/v1/transfers': listTransfers,
  '/v1/disputes': listDisputes,
  '/v1/webhook_endpoints': listEndpoints,
};
const OBJECTS = [
  'payment_intent',
  'charge',
  'refund',
  'balance_transaction',
  'event',
  'payment_method',
  'payout',
  'account',
  'transfer',
  'application_fee',
  'dispute',
  'webhook_endpoint',
];

/** Every address of the API, as a table. */
export function apiRoutes(server: FastifyInstance, context: Context): void {
  const { pages, sender } = context;
  const writes: Readonly<Record<string, Writer>> = {
    '/v1/payment_intents': (objects, given) => createIntent(objects, given, pages()),
    '/v1/payment_intents/:id': (objects, given, id) => updateIntent(objects, id, given),
    '/v1/payment_intents/:id/confirm': (objects, given, id) =>
      confirmIntent(objects, { id, given, pages: pages() }),
    '/v1/payment_intents/:id/cancel': (objects, given, id) => cancelIntent(objects, id, given),
    '/v1/payment_intents/:id/capture': (objects, given, id) => captureIntent(objects, id, given),
    '/v1/refunds': (objects, given) => createRefund(objects, given),
    '/v1/payouts': (objects, given) => createPayout(objects, given),
    '/v1/account_links': (objects, given) => createAccountLink(objects, given, pages()),
    '/v1/accounts': (objects, given) => createAccount(objects, given),
    '/v1/accounts/:id': (objects, given, id) => updateAccount(objects, id, given),
    '/v1/transfers': (objects, given) => createTransfer(objects, given),
    '/v1/transfers/:id/reversals': (objects, given, id) => reverseTransfer(objects, id, given),
    '/v1/disputes/:id': (objects, given, id) => updateDispute(objects, id, given),
    '/v1/disputes/:id/close': (objects, given, id) => closeDispute(objects, id, given),
    '/v1/payouts/:id/cancel': (objects, given, id) => cancelPayout(objects, id, given),
    '/v1/webhook_endpoints': (objects, given) => createEndpoint(objects, given, sender),
  };
  for (const [path, write] of Object.entries(writes)) {
    server.post(path, (request, reply) => post(context, { request, reply, write }));
  }
  for (const [path, read] of Object.entries(LISTS)) {
    server.get(path, (request, reply) => get(context, { request, reply, read }));
  }
  for (const object of OBJECTS) {
    const read: (id: string) => Reader = (id) => (objects) => findOne(objects, object, id);
    server.get(`/v1/${object}s/:id`, (request, reply) =>
      get(context, { request, reply, read: read(idOf(request)) }),
    );
  }
  const remove: Writer = (objects, _given, id) => deleteEndpoint(objects, id, sender);
  server.delete('/v1/webhook_endpoints/:id', (request, reply) =>
    post(context, { request, reply, write: remove }),
  );
  server.setNotFoundHandler((request, reply) => {
    const message = `Unrecognized request URL (${request.method}: ${request.url}).`;
    return answerProblem(reply, new StripeProblem(404, { type: 'invalid_request_error', message }));
  });
  server.setErrorHandler((error, _request, reply) => answerProblem(reply, asProblem(error)));
  server.addHook('onRequest', (request, reply, done) => {
    if (context.faults.isUnreachable(request.url)) {
      cut(reply);
      return;
    }
    stamp(request, reply);
    reply.header('date', context.days.clock.now().toUTCString());
    if (/^\/(v1|_test)(\/|$)/.test(request.url)) {
      authenticate(request);
      reply.header('stripe-version', versionOf(request.headers['stripe-version']));
    }
    done();
  });
}

function stamp(request: FastifyRequest, reply: FastifyReply): void {
  reply.header('request-id', request.id);
  const key = keyOf(request);
  if (key !== undefined) reply.header('idempotency-key', key);
  const account = accountIn(request);
  if (account !== null) reply.header('stripe-account', account);
}

/** Only a POST has one; elsewhere it means nothing. */
function keyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || key === undefined) return undefined;
  return String(key) === '' ? undefined : String(key);
}

function callerOf(request: FastifyRequest): Caller {
  return {
    version: versionOf(request.headers['stripe-version']),
    requestId: request.id,
    idempotencyKey: keyOf(request) ?? null,
    account: accountIn(request),
    isPublic: isPublic(request),
  };
}

async function post(
  context: Context,
  call: { request: FastifyRequest; reply: FastifyReply; write: Writer },
): Promise<FastifyReply> {
  const { request, reply, write } = call;
  context.faults.throttle(request.url);
  const body = typeof request.body === 'string' ? request.body : '';
  const given = parseForm(body);
  const answer = await context.calls.call(
    { path: request.url, body, caller: callerOf(request) },
    async (objects) => {
      await checkCallersAccount(objects);
      return expandAnswer(objects, await write(objects, given, idOf(request)), given);
    },
  );
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  if (context.faults.cuts(request.url, reply)) return reply;
  return reply.code(answer.status).type('application/json').send(answer.body);
}

async function get(
  context: Context,
  call: { request: FastifyRequest; reply: FastifyReply; read: Reader },
): Promise<FastifyReply> {
  context.faults.throttle(call.request.url);
  const given = parseForm(call.request.url.split('?', 2)[1] ?? '');
  const answer = await context.run(async (objects) => {
    await checkCallersAccount(objects);
    return expandAnswer(objects, { status: 200, body: await call.read(objects, given) }, given);
  }, callerOf(call.request));
  return call.reply.code(answer.status).send(answer.body);
}

async function findOne(objects: Objects, object: string, id: string): Promise<unknown> {
  if (object === 'payment_method' && isTestCard(id)) {
    const { doc } = findPaymentMethod(objects, id);
    await objects.save(doc);
    return doc;
  }
  const doc = await objects.find(id);
  if (doc?.object !== object) throw noSuch(object, id);
  return doc;
}

function idOf(request: FastifyRequest): string {
  const { id } = request.params as { id?: string };
  return id ?? '';
}

function answerProblem(reply: FastifyReply, problem: StripeProblem): FastifyReply {
  if (problem.error.code === 'lock_timeout') reply.header('stripe-should-retry', 'true');
  return reply.code(problem.status).send({ error: problem.error });
}
