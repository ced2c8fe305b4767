import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  childOf,
  type Log,
  newTraceparent,
  type Random,
  type Trace,
  withTrace,
} from '@stuiver/ports';

/** One request that was answered, or whose caller left before. */
export interface AnsweredRequest {
  readonly method: string;
  /** The pattern that matched, such as `/v3/refund/domestic/refunds/:out_refund_no`: a path itself holds ids and codes. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** What no route matched has one name, so that a scan of the door makes no series of its own. */
const NO_ROUTE = 'none';
/** Asked several times a second by whoever watches: a line only when the answer is no. */
const PROBES: ReadonlySet<string> = new Set(['/health/live', '/health/ready', '/metrics']);
/** Letters that are safe in a header, a log line and a shell. */
const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;
const REQUEST_ID_BYTES = 16;

/** The caller's own name for the request when it is well-formed, and a new one otherwise. */
export function requestIdOf(headers: IncomingHttpHeaders, random: Random): string {
  const given = headers['request-id'] ?? headers['x-request-id'];
  if (typeof given === 'string' && REQUEST_ID.test(given)) return given;
  return Buffer.from(random.bytes(REQUEST_ID_BYTES)).toString('hex');
}

/** Puts every request under a trace, which continues the caller's, and tells of its end once. */
export function traceRequests(
  server: FastifyInstance,
  tools: { log: Log; random: Random; onAnswered: (answered: AnsweredRequest) => void },
): void {
  const traces = new WeakMap<IncomingMessage, Trace>();
  const under = (request: FastifyRequest, work: () => void): void => {
    const trace = traces.get(request.raw) ?? traceOf(request, tools.random);
    traces.set(request.raw, trace);
    withTrace(trace, work);
  };
  server.addHook('onRequest', (request, _reply, done) => {
    under(request, done);
  });
  // A body arrives in the socket's own time, outside of the trace: the handler must be back in it.
  server.addHook('preValidation', (request, _reply, done) => {
    under(request, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const answered = answeredOf(request, reply.statusCode, reply.elapsedTime);
    tools.onAnswered(answered);
    const { method, route, status, seconds } = answered;
    if (PROBES.has(route) && status < 400) {
      done();
      return;
    }
    under(request, () => {
      tools.log.info('request answered', { method, route, status, ms: Math.round(seconds * 1000) });
    });
    done();
  });
}

function answeredOf(request: FastifyRequest, status: number, elapsedMs: number): AnsweredRequest {
  const route = request.routeOptions.url ?? NO_ROUTE;
  return { method: request.method, route, status, seconds: elapsedMs / 1000 };
}

function traceOf(request: FastifyRequest, random: Random): Trace {
  const given = request.headers['traceparent'];
  const traceparent = typeof given === 'string' ? childOf(given, random) : newTraceparent(random);
  return { traceparent, requestId: request.id, ip: request.ip };
}
