import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Post, UseGuards } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import {
  IsInt,
  IsObject,
  IsString,
  Length,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Refusal } from '@stuiver/errors';
import { SilentLog, SystemRandom } from '@stuiver/ports';
import {
  type ApiSurface,
  BodyBytesMax,
  createHttpApp,
  OPERATOR_TOKEN,
  OperatorGuard,
  RawBody,
  ValidBody,
  ValidQuery,
} from './index.js';

class AmountBody {
  @IsInt() @Min(1) @Max(100) readonly total!: number;
}
class OrderBody {
  @IsString() @Length(1, 5) readonly name!: string;
  @ValidateIf((_o, value) => value !== undefined) @IsString() readonly note?: string;
  @IsObject() @ValidateNested() @Type(() => AmountBody) readonly amount!: AmountBody;
}
class PageQuery {
  @IsString() @Length(1, 3) readonly limit!: string;
}

@Controller()
class TryController {
  @Post('orders')
  @HttpCode(200)
  post(@ValidBody(OrderBody) body: OrderBody): object {
    return { ok: body instanceof OrderBody && body.amount instanceof AmountBody };
  }

  @Post('files')
  @HttpCode(200)
  @BodyBytesMax(300 * 1024)
  file(@RawBody() bytes: Buffer): object {
    return { bytes: bytes.length };
  }

  @Get('orders')
  list(@ValidQuery(PageQuery) query: PageQuery): object {
    return { limit: query.limit };
  }

  @Get('operator/secret')
  @UseGuards(OperatorGuard)
  secret(): object {
    return { ok: true };
  }

  @Get('broken')
  broken(): object {
    throw new Error('password=hunter2');
  }

  @Get('loud/refused')
  refused(): object {
    throw new Refusal('ORDER_PAID', {});
  }

  @Post('loud/close')
  @HttpCode(204)
  close(): void {
    /* nothing to say */
  }
}

@Module({
  controllers: [TryController],
  providers: [{ provide: OPERATOR_TOKEN, useValue: 'op-secret' }, OperatorGuard],
})
class TryModule {}

const LOUD: ApiSurface = {
  prefix: '/loud',
  problem: (refusal) => ({ code: refusal.code, loud: true }),
  headers: ({ body, status }) =>
    Promise.resolve([['X-Loud-Case', `${String(status)}:${String(body.length)}`]]),
};

let app: NestFastifyApplication;
let base: string;

beforeAll(async () => {
  app = await createHttpApp(TryModule, {
    log: new SilentLog(),
    random: new SystemRandom(),
    surfaces: [LOUD],
  });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${String((app.getHttpServer().address() as AddressInfo).port)}`;
});

afterAll(() => app.close());

async function post(
  body: string | Uint8Array<ArrayBuffer>,
): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(`${base}/orders`, { method: 'POST', body });
  return { status: answer.status, json: await answer.json() };
}

describe('a body', () => {
  it('is an instance of its class when every rule holds', async () => {
    expect(await post('{"name":"tea","amount":{"total":5}}')).toEqual({
      status: 200,
      json: { ok: true },
    });
  });

  it.each([
    [
      'an unknown field',
      '{"name":"tea","amount":{"total":5,"tip":1}}',
      'amount.tip',
      'is not a known field',
    ],
    ['a missing object', '{"name":"tea"}', 'amount', 'is required'],
    ['a missing field', '{"name":"tea","amount":{}}', 'amount.total', 'is required'],
    ['a list for an object', '{"name":"tea","amount":[]}', 'amount', 'must be an object'],
    [
      'a wrong type',
      '{"name":"tea","amount":{"total":"5"}}',
      'amount.total',
      'must be an integer number',
    ],
    [
      'a number out of range',
      '{"name":"tea","amount":{"total":0}}',
      'amount.total',
      'must not be less than 1',
    ],
    [
      'null for an optional field',
      '{"name":"tea","note":null,"amount":{"total":5}}',
      'note',
      'must be a string',
    ],
    [
      'a key given twice',
      '{"name":"tea","name":"x","amount":{"total":5}}',
      'name',
      'is given twice in one object',
    ],
    [
      'a prototype key',
      '{"name":"tea","__proto__":{"a":1},"amount":{"total":5}}',
      '__proto__',
      'is not a known field',
    ],
    [
      'an escaped prototype key',
      '{"name":"tea","\\u005f_proto__":1,"amount":{"total":5}}',
      '__proto__',
      'is not a known field',
    ],
    [
      'a NUL',
      '{"name":"a\\u0000","amount":{"total":5}}',
      'body',
      'must not contain U+0000 or half of a surrogate pair',
    ],
    [
      'half a surrogate pair',
      '{"name":"a\\ud800","amount":{"total":5}}',
      'body',
      'must not contain U+0000 or half of a surrogate pair',
    ],
    ['a list as the body', '[1]', 'body', 'must be a JSON object'],
    [
      'deep nesting',
      `{"name":${'['.repeat(50)}${']'.repeat(50)}}`,
      'body',
      'must not nest deeper than 16',
    ],
    ['no body', '', 'body', 'is required: a JSON object'],
  ])('with %s is refused by name and rule', async (_what, body, field, rule) => {
    const { status, json } = await post(body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'PARAM_ERROR', facts: { field, rule } });
  });

  it('that is broken JSON is refused', async () => {
    const { status, json } = await post('{"name":');
    expect(status).toBe(400);
    expect(json).toMatchObject({ code: 'PARAM_ERROR', facts: { field: 'body' } });
  });

  it('that is not UTF-8 is refused', async () => {
    const { json } = await post(new Uint8Array([0x7b, 0xff, 0x7d]));
    expect(json).toMatchObject({ facts: { rule: 'must be UTF-8 text' } });
  });

  it('may be larger where a route says so, and no larger than that', async () => {
    const send = (bytes: number) =>
      fetch(`${base}/files`, { method: 'POST', body: Buffer.alloc(bytes) });
    expect(await (await send(300 * 1024)).json()).toEqual({ bytes: 300 * 1024 });
    const answer = await send(300 * 1024 + 1);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({
      facts: { rule: 'is limited to 307200 bytes' },
    });
  });

  it('beyond the limit is refused with 413', async () => {
    const { status, json } = await post(`{"name":"${'x'.repeat(300_000)}"}`);
    expect(status).toBe(413);
    expect(json).toMatchObject({ code: 'BODY_TOO_LARGE', facts: { field: 'body' } });
  });
});

describe('a query', () => {
  it('is refused when a parameter is unknown, missing or given twice', async () => {
    for (const [query, field] of [
      ['limit=5&x=1', 'x'],
      ['', 'limit'],
      ['limit=1&limit=2', 'limit'],
    ]) {
      const answer = await fetch(`${base}/orders?${query ?? ''}`);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        code: 'PARAM_ERROR',
        facts: { field, location: 'query' },
      });
    }
  });
});

describe('errors', () => {
  it('of ours become a 500 that tells nothing but the request id', async () => {
    const answer = await fetch(`${base}/broken`);
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).not.toContain('hunter2');
    expect(JSON.parse(text)).toMatchObject({
      facts: { request_id: answer.headers.get('request-id') },
    });
  });

  it('of the router speak JSON: unknown path and bad escape', async () => {
    expect(await (await fetch(`${base}/nowhere`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect((await fetch(`${base}/orders/%zz`)).status).toBe(400);
  });

  it('of the operator guard are 401 unless the token is right', async () => {
    const ask = (authorization: string) =>
      fetch(`${base}/operator/secret`, { headers: { authorization } });
    expect((await ask('Bearer wrong')).status).toBe(401);
    expect((await ask('Bearer op-secret')).status).toBe(200);
  });
});

describe('a surface', () => {
  it('words refusals, and heads every answer with names in its own case', async () => {
    expect(await raw('GET /loud/refused')).toMatch(
      /X-Loud-Case: 400:33\r\n[^]*\{"code":"ORDER_PAID","loud":true\}$/,
    );
    expect(await raw('POST /loud/close')).toMatch(/^HTTP\/1.1 204 [^]*X-Loud-Case: 204:0\r\n/);
    expect(await raw('GET /loud/nowhere')).toMatch(/^HTTP\/1.1 404 [^]*X-Loud-Case: 404:/);
    expect(await raw('GET /loud/%zz')).toMatch(/^HTTP\/1.1 400 [^]*X-Loud-Case: 400:/);
    expect(await raw('BREW?')).toMatch(/^HTTP\/1.1 400 [^]*X-Loud-Case: 400:/);
  });
});

function raw(line: string): Promise<string> {
  const { port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(text);
    });
    socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  });
}
