import { connect, type Socket } from 'node:net';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '@stuiver/ports';
import type { Pages } from '../http/pages.js';
import { forward, refuse } from './forward.js';
import { Replicas } from './replicas.js';
import { type Upstream, upstreamOf, UPSTREAMS } from './routes.js';

export interface EdgeOptions {
  readonly host: string;
  readonly port: number;
  /** Origins of each service's replicas. */
  readonly upstreams: Readonly<Record<Upstream, readonly string[]>>;
  readonly pages: Pages;
  /** The figures of this process. */
  readonly metrics: () => Promise<string>;
  readonly log: Log;
}

export interface Edge {
  /** Waits for the requests in hand. */
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 65_000;
const DRAIN_MS_MAX = 5_000;

/** The one address of a cluster: the pages, and the services behind them by path. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const replicas = Object.fromEntries(
    UPSTREAMS.map((name) => [name, new Replicas(options.upstreams[name], options.log)]),
  ) as Record<Upstream, Replicas>;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    answer(request, response, { ...options, replicas }).catch((error: unknown) => {
      options.log.error('edge could not answer', { method: request.method ?? '' }, error);
      refuse(response, 500, 'SYSTEM_ERROR');
    });
  });
  // What is not HTTP is Order's to refuse too: only Order can sign the refusal.
  server.on('clientError', (error: Error & { rawPacket?: Buffer }, socket: Socket) => {
    // Node would hang up as soon as the caller has said everything; the answer is still on its way.
    socket.removeAllListeners('end');
    passOn(error.rawPacket, socket, replicas.order);
  });
  for (const service of Object.values(replicas)) service.start();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    close: async () => {
      for (const service of Object.values(replicas)) service.stop();
      const late = setTimeout(() => {
        server.closeAllConnections();
      }, DRAIN_MS_MAX);
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeIdleConnections();
      });
      clearTimeout(late);
    },
  };
}

type Answering = EdgeOptions & { readonly replicas: Readonly<Record<Upstream, Replicas>> };

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  edge: Answering,
): Promise<void> {
  const url = request.url ?? '/';
  const page = await edge.pages({
    method: request.method ?? 'GET',
    url,
    host: request.headers.host ?? '',
    ifNoneMatch: request.headers['if-none-match'],
  });
  if (page !== undefined) {
    response.writeHead(page.status, page.headers);
    response.end(request.method === 'HEAD' ? undefined : page.body);
    return;
  }
  if (await answersItself(url, response, edge)) return;
  const upstream = upstreamOf(url);
  if (upstream === null) refuse(response, 404, 'NOT_FOUND');
  else await forward(request, response, edge.replicas[upstream]);
}

/** Health and figures of the edge; ready when orders can be taken, which takes one Order and one Ledger. */
async function answersItself(
  url: string,
  response: ServerResponse,
  { replicas, metrics }: Answering,
): Promise<boolean> {
  if (url === '/metrics') {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(await metrics());
    return true;
  }
  if (url !== '/health/live' && url !== '/health/ready') return false;
  const ready = replicas.order.anyWell() && replicas.ledger.anyWell();
  if (url === '/health/ready' && !ready) refuse(response, 503, 'SERVICE_UNAVAILABLE');
  else {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ status: url === '/health/live' ? 'live' : 'ready' }));
  }
  return true;
}

function passOn(packet: Buffer | undefined, socket: Socket, replicas: Replicas): void {
  const [replica] = replicas.inTurn();
  if (packet === undefined || replica === undefined || !socket.writable) {
    socket.destroy();
    return;
  }
  const upstream = connect(Number(replica.origin.port), replica.origin.hostname);
  upstream.once('error', () => socket.destroy());
  socket.once('error', () => upstream.destroy());
  upstream.pipe(socket);
  // Not `end`: Order too would hang up before its answer is signed.
  upstream.write(packet);
}
