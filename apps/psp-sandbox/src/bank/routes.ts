import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authenticate } from '../authenticate.js';
import { addDays, type Day } from '../calendar.js';
import type { Context } from '../context.js';
import { invalid, noSuch, StripeProblem } from '../problem.js';
import { listAccounts } from './accounts.js';
import { writePain002 } from './pain-002.js';
import { fileState, takeFile } from './payments.js';
import { listStatements, readStatement } from './statements.js';

const FILE_BYTES_MAX = 64 * 1024 * 1024;
const RealDay = z.iso.date();
const ClockMove = z.union([
  z.strictObject({ advance_days: z.number().int().min(0) }),
  z.strictObject({ day: RealDay }),
]);
const Plan = z
  .strictObject({
    outcome: z.enum(['pay', 'reject', 'return']),
    /** An ISO reason code, such as AC04. */
    code: z
      .string()
      .regex(/^[A-Z0-9]{4}$/, 'must be an ISO reason code of four characters')
      .optional(),
    /** Business days from payment to return. */
    after_days: z.number().int().min(0).max(30).default(1),
  })
  .refine(({ outcome, code }) => outcome === 'pay' || code !== undefined, 'code must be given');

/**
 * The bank's doors. They ask for the sandbox's key and a loopback name, so no web page reaches them, whatever name it
 * gave this machine.
 */
export function bankRoutes(server: FastifyInstance, context: Context): void {
  server.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    const limits = { parseAs: 'buffer', bodyLimit: FILE_BYTES_MAX } as const;
    scope.addContentTypeParser('*', limits, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.addHook('onRequest', (request, _reply, next) => {
      checkHost(request);
      authenticate(request);
      next();
    });
    paymentRoutes(scope, context);
    statementRoutes(scope, context);
    clockRoutes(scope, context);
    done();
  });
}

function paymentRoutes(scope: FastifyInstance, { run }: Context): void {
  scope.post('/bank/payments', async (request, reply) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await run(({ client }) => takeFile(client, bytes));
    return reply.code(answer.status === 'accepted' ? 200 : 422).send(answer);
  });
  scope.get('/bank/payments/:id', async (request, reply) => {
    const id = idOf(request);
    const payments = await run(({ client }) => fileState(client, id));
    if (payments === undefined) throw noSuch('payment file', id);
    if (!String(request.headers.accept).includes('xml')) return { msg_id: id, payments };
    return sendXml(reply, await run((objects) => writePain002(objects, id, payments)));
  });
  scope.post('/bank/plans/:id', async (request, reply) => {
    const plan = bodyOf(Plan, request.body);
    await run(({ client }) =>
      client.query(
        `insert into bank_plan (end_to_end_id, outcome, code, after_days) values ($1, $2, $3, $4)
         on conflict (end_to_end_id) do update set
           outcome = excluded.outcome, code = excluded.code, after_days = excluded.after_days`,
        [idOf(request), plan.outcome, plan.code ?? null, plan.after_days],
      ),
    );
    return reply.code(204).send();
  });
}

function statementRoutes(scope: FastifyInstance, { run }: Context): void {
  scope.get('/bank/accounts', async () => ({
    accounts: await run(({ client }) => listAccounts(client)),
  }));
  scope.get('/bank/statements', async (request) => {
    const { iban } = request.query as { iban?: string };
    return { statements: await run(({ client }) => listStatements(client, iban)) };
  });
  scope.get('/bank/statements/:id', async (request, reply) => {
    const id = idOf(request);
    const xml = await run(({ client }) => readStatement(client, id));
    if (xml === undefined) throw noSuch('statement', id);
    return sendXml(reply, xml);
  });
}

function clockRoutes(scope: FastifyInstance, { days }: Context): void {
  scope.get('/bank/clock', () => clockState(days.clock.today, days.clock.now()));
  scope.post('/bank/clock', async (request) => {
    const move = bodyOf(ClockMove, request.body);
    const today = days.clock.today;
    const count = 'day' in move ? daysBetween(today, move.day) : move.advance_days;
    return clockState(await days.advance(count), days.clock.now());
  });
}

function clockState(day: Day, now: Date): Readonly<Record<string, string>> {
  return { day, now: now.toISOString() };
}

/** Below zero when it lies behind. */
function daysBetween(from: Day, to: Day): number {
  const span = Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`);
  return span / (Date.parse(`${addDays(from, 1)}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`));
}

function sendXml(reply: FastifyReply, xml: string): FastifyReply {
  return reply.type('application/xml; charset=utf-8').send(Buffer.from(xml, 'utf8'));
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|[a-z0-9-]+\.localhost)(:\d{1,5})?$/i;

function checkHost(request: FastifyRequest): void {
  if (LOOPBACK.test(request.headers.host ?? '')) return;
  const message = 'The bank of the sandbox answers to a loopback name only.';
  throw new StripeProblem(403, { type: 'invalid_request_error', message });
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id;
}

function bodyOf<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const parsed = shape.safeParse(parsedJson(body));
  if (parsed.success) return parsed.data;
  throw invalid(z.prettifyError(parsed.error));
}

function parsedJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch {
    throw invalid('The body is not JSON.');
  }
}
