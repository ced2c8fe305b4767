import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type LoggerService, type Type, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '@stuiver/errors';
import type { Log, Random } from '@stuiver/ports';
import { BODY_BYTES_MAX, JSON_TYPE, ProblemFilter, refusalOf } from './problem.filter.js';
import { type AnsweredRequest, requestIdOf, traceRequests } from './request-trace.js';
import { bodyBytesMaxOf } from './body-bytes-max.js';
import { type ApiSurface, surfaceOf } from './surface.js';

export interface HttpAppOptions {
  readonly log: Log;
  /** For request ids and traces. */
  readonly random: Random;
  /** Prefixes with their own manner, such as the signed `/v3`. */
  readonly surfaces?: readonly ApiSurface[];
  /** True behind our own proxy on this machine: it tells whom it speaks for. Others are not believed. */
  readonly behindProxy?: boolean;
  /** Hears of every request once it is answered: for the metrics. */
  readonly onAnswered?: (answered: AnsweredRequest) => void;
}

/** A transaction id is 28 digits, a file name may be longer; beyond this a path parameter is no id of ours. */
const PATH_PARAMETER_CHARACTERS_MAX = 256;
/** A client that takes longer to send its request is not slow but stuck. */
const REQUEST_MS_MAX = 30_000;
const KEEP_ALIVE_MS = 65_000;
const PROXIES = ['loopback', 'uniquelocal'];

/**
 * The HTTP server of a service: bodies stay raw bytes until a handler asks for them, every error becomes the surface's
 * own JSON, every answer passes its surface's headers, and `close()` lets running requests finish.
 */
export async function createHttpApp(
  module: Type | DynamicModule,
  options: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const surfaces = options.surfaces ?? [];
  const filter = new ProblemFilter(options.log, surfaces);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    trustProxy: options.behindProxy === true ? PROXIES : false,
    routerOptions: { maxParamLength: PATH_PARAMETER_CHARACTERS_MAX },
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers, options.random),
    // The router's own refusals run no hooks.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const payload = filter.word(error, request, reply);
      const send = (): void => void reply.send(payload);
      writeHeaders(surfaces, { request, reply, payload }).then(send, send);
    },
    clientErrorHandler: (_error, socket) => void answerNoHttp(socket, surfaces),
  });
  const server = adapter.getInstance<FastifyInstance>();
  const { log, random, onAnswered = () => undefined } = options;
  traceRequests(server, { log, random, onAnswered });
  prepareServer(server, surfaces);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest's options are plain objects
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(options.log),
  });
  app.useGlobalFilters(filter);
  return app;
}

function prepareServer(server: FastifyInstance, surfaces: readonly ApiSurface[]): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  // A route may take more than the rest: @BodyBytesMax on its handler.
  server.addHook('onRoute', (route) => {
    const max = bodyBytesMaxOf(route.config);
    if (max !== undefined) route.bodyLimit = max;
  });
  server.addHook('onSend', async (request, reply, payload) => {
    await writeHeaders(surfaces, { request, reply, payload });
    return payload;
  });
}

interface Sending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly payload: unknown;
}

/** Fastify lower-cases header names; some SDKs read them by exact case, so these go to Node's response directly. */
async function writeHeaders(surfaces: readonly ApiSurface[], sending: Sending): Promise<void> {
  const { request, reply, payload } = sending;
  const surface = surfaceOf(surfaces, request.raw.url);
  const headers = await surface.headers({
    request: request.raw,
    requestId: request.id,
    status: reply.statusCode,
    refusal: refusalOf(reply),
    // Only surfaces that sign look at it.
    get body() {
      return Buffer.isBuffer(payload)
        ? payload
        : Buffer.from(typeof payload === 'string' ? payload : '');
    },
  });
  for (const [name, value] of headers) {
    reply.removeHeader(name.toLowerCase());
    reply.raw.setHeader(name, value);
  }
}

/** What was not HTTP gets an answer all the same, in the manner of the first surface: it may have been meant for it. */
async function answerNoHttp(socket: Socket, surfaces: readonly ApiSurface[]): Promise<void> {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const refusal = new Refusal('PARAM_ERROR', {
    field: 'request',
    rule: 'must be valid HTTP/1.1',
    value: '',
    location: 'request',
  });
  const surface = surfaces[0] ?? surfaceOf([], '');
  const body = Buffer.from(JSON.stringify(surface.problem(refusal, null)));
  const own = await surface
    .headers({ request: null, requestId: '0', status: 400, refusal, body })
    .catch(() => []);
  const headers = new Map<string, string>([['Content-Type', JSON_TYPE], ...own]);
  headers.set('Content-Length', String(body.length));
  headers.set('Connection', 'close');
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(Buffer.concat([Buffer.from(`HTTP/1.1 400 Bad Request\r\n${lines}\r\n`), body]));
}

/** Nest's own remarks, as lines of our log; its start-up chatter is left out. */
class NestLog implements LoggerService {
  constructor(private readonly target: Log) {}

  log(): void {
    /* "RoutesResolver mapped …" tells an operator nothing */
  }

  warn(message: unknown): void {
    this.target.warn(String(message), { from: 'nest' });
  }

  error(message: unknown): void {
    this.target.error(String(message), { from: 'nest' });
  }
}
