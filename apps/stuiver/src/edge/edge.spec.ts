import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SilentLog } from '@stuiver/ports';
import { type Edge, startEdge } from './start-edge.js';
import { upstreamOf } from './routes.js';

describe('the edge', () => {
  const servers: Server[] = [];
  const edges: Edge[] = [];
  afterEach(async () => {
    await Promise.all(edges.splice(0).map((edge) => edge.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  const upstream = async (
    answer: (asked: IncomingMessage, body: string) => { status: number; headers: string[] },
  ): Promise<string> => {
    const server = createServer((asked, response) => {
      if (asked.url === '/health/live') {
        response.end();
        return;
      }
      void text(asked).then((body) => {
        const { status, headers } = answer(asked, body);
        response.writeHead(status, headers);
        response.end('answered');
      });
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  };
  const edgeOf = async (order: readonly string[]): Promise<number> => {
    const port = await freePort();
    edges.push(
      await startEdge({
        ...{ host: '127.0.0.1', port, log: new SilentLog() },
        upstreams: { order, ledger: order, payout: order },
        pages: () => Promise.resolve(undefined),
        metrics: () => Promise.resolve('figures'),
      }),
    );
    return port;
  };

  it('keeps the target, the body and the case of header names as they are', async () => {
    const seen: { url: string | undefined; body: string; raw: string[] }[] = [];
    const order = await upstream((asked, body) => {
      seen.push({ url: asked.url, body, raw: asked.rawHeaders });
      return { status: 200, headers: ['Wechatpay-Signature', 'c2ln', 'Request-ID', '1'] };
    });
    const port = await edgeOf([order]);
    const answer = await send({ port, path: '/v3/pay/a%2Fb?mchid=1', body: '{"a": 1}' });
    expect(seen[0]).toMatchObject({ url: '/v3/pay/a%2Fb?mchid=1', body: '{"a": 1}' });
    expect(seen[0]?.raw).toContain('Wechatpay-Serial');
    expect(answer.rawHeaders).toEqual(
      expect.arrayContaining(['Wechatpay-Signature', 'c2ln', 'Request-ID']),
    );
  });

  it('tells for whom it speaks, and believes nobody else about it', async () => {
    let forwarded: string | string[] | undefined;
    const order = await upstream((asked) => {
      forwarded = asked.headers['x-forwarded-for'];
      return { status: 200, headers: [] };
    });
    const port = await edgeOf([order]);
    await send({ port, path: '/sns/jscode2session', forwardedFor: '203.0.113.7' });
    expect(forwarded).toBe('127.0.0.1');
  });

  it('goes to the next replica when one is not there, and says 503 when none is', async () => {
    const order = await upstream(() => ({ status: 204, headers: [] }));
    const dead = 'http://127.0.0.1:1';
    const port = await edgeOf([dead, order]);
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => send({ port, path: '/v3/refund', body: '{}' })),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204, 204]);
    const alone = await edgeOf([dead]);
    expect((await send({ port: alone, path: '/v3/refund', body: '{}' })).statusCode).toBe(503);
  });

  it('repeats a reading request whose answer was lost, and no other', async () => {
    const heard: string[] = [];
    const cutting = createServer((asked) => {
      if (asked.url !== '/health/live') heard.push(asked.method ?? '');
      asked.socket.destroy();
    });
    servers.push(cutting);
    cutting.listen(0, '127.0.0.1');
    await once(cutting, 'listening');
    const origin = `http://127.0.0.1:${String((cutting.address() as AddressInfo).port)}`;
    const well = await upstream(() => ({ status: 200, headers: [] }));
    const port = await edgeOf([origin, well]);
    const read = await Promise.all([1, 2].map(() => send({ port, path: '/v3/x', method: 'GET' })));
    expect(read.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    const lonely = await edgeOf([origin, origin]);
    heard.length = 0;
    const lost = await send({ port: lonely, path: '/v3/x', body: '{}' });
    expect([lost.statusCode, heard]).toEqual([503, ['POST']]);
  });

  it('hands what is not HTTP to Order, which alone can sign the refusal', async () => {
    let packet = '';
    const order = createServer(() => undefined);
    order.on('clientError', (error: Error & { rawPacket?: Buffer }, socket) => {
      packet = String(error.rawPacket);
      socket.end('HTTP/1.1 400 Bad Request\r\nWechatpay-Nonce: x\r\nContent-Length: 0\r\n\r\n');
    });
    servers.push(order);
    order.listen(0, '127.0.0.1');
    await once(order, 'listening');
    const port = await edgeOf([
      `http://127.0.0.1:${String((order.address() as AddressInfo).port)}`,
    ]);
    const socket = connect(port, '127.0.0.1');
    socket.end('this is not HTTP\r\n\r\n');
    expect(await text(socket)).toContain('Wechatpay-Nonce');
    expect(packet).toContain('this is not HTTP');
  });

  it('shows the street neither the doors between services nor their figures', () => {
    const inside = [
      ...['/internal/ledger/commands', '//internal/ledger', '/%69nternal/ledger', '/metrics'],
      ...['/x/../internal/ledger', '/health/ready', 'http://edge/internal/ledger', '*'],
    ];
    for (const target of inside) expect([target, upstreamOf(target)]).toEqual([target, null]);
  });

  it.each([
    ['/v3/pay/transactions/jsapi', 'order'],
    ['/operator/ledger/trial-balance', 'ledger'],
    ['/operator/payouts/run', 'payout'],
    ['/operator/merchants', 'order'],
    ['/settlements/open/abc', 'payout'],
    ['/settlementsx', 'order'],
    ['/webhooks/psp/order', 'order'],
    ['/webhooks/psp/payout', 'payout'],
    ['/console/finance/today?x=/v3', 'payout'],
    ['/console/merchants/1900000001/orders', 'order'],
    ['/console/merchants/1900000001/settlements/stl_1', 'payout'],
    ['/%E0%A4%A', 'order'],
  ])('brings %s to %s', (target, service) => {
    expect(upstreamOf(target)).toBe(service);
  });
});

interface Sending {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly body?: string;
  readonly forwardedFor?: string;
}

async function send({ port, path, method, body, forwardedFor }: Sending): Promise<IncomingMessage> {
  const asked = request({
    ...{ port, host: '127.0.0.1', path, method: method ?? 'POST' },
    headers: {
      'Wechatpay-Serial': '7',
      ...(forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor }),
    },
  });
  asked.end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  await text(answer);
  return answer;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
