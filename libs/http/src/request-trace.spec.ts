import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { IsString } from 'class-validator';
import { currentTrace, type Log, type LogFields, SystemRandom, traceIdOf } from '@stuiver/ports';
import { type AnsweredRequest, createHttpApp, ValidBody } from './index.js';

class NoteBody {
  @IsString() readonly note!: string;
}

interface Line {
  readonly message: string;
  readonly fields: LogFields;
  readonly requestId: string | null | undefined;
  readonly traceId: string | null | undefined;
}

const lines: Line[] = [];
const answers: AnsweredRequest[] = [];

function keep(message: string, fields: LogFields = {}): void {
  const trace = currentTrace();
  const traceId = trace === undefined ? undefined : traceIdOf(trace.traceparent);
  lines.push({ message, fields, requestId: trace?.requestId, traceId });
}
const log: Log = { info: keep, warn: keep, error: keep };

@Controller()
class NotesController {
  @Post('notes/:id')
  @HttpCode(200)
  async post(@Param('id') id: string, @ValidBody(NoteBody) body: NoteBody): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    log.info('noted', { id });
    return { traceparent: currentTrace()?.traceparent, said: body.note };
  }

  @Get('health/live')
  live(): object {
    return { status: 'live' };
  }

  @Get('broken')
  broken(): object {
    throw new Error('the disk is full');
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

let app: NestFastifyApplication;
let base: string;

beforeAll(async () => {
  const onAnswered = (answered: AnsweredRequest): void => void answers.push(answered);
  app = await createHttpApp(NotesModule, { log, random: new SystemRandom(), onAnswered });
  await app.listen(0, '127.0.0.1');
  base = `http://127.0.0.1:${String((app.getHttpServer().address() as AddressInfo).port)}`;
});
afterAll(() => app.close());
beforeEach(() => {
  lines.length = 0;
  answers.length = 0;
});

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

/** Sends the body in two pieces, so the second comes when nothing of ours is on the stack. */
function postInPieces(path: string, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest(`${base}${path}`, { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => {
        text += part;
      });
      answer.on('end', () => {
        resolve(text);
      });
    });
    sending.once('error', reject);
    sending.write('{"note":', () => {
      setImmediate(() => sending.end('"tea"}'));
    });
  });
}

describe('a request', () => {
  it('continues the trace it came with, through its body and into the answer', async () => {
    const answer = await postInPieces('/notes/7', {
      ...{ traceparent: TRACEPARENT, 'request-id': 'shop-42' },
    });
    const { traceparent } = JSON.parse(answer) as { traceparent: string };
    expect(traceIdOf(traceparent)).toBe(TRACE_ID);
    expect(traceparent).not.toBe(TRACEPARENT);
    expect(lines).toEqual([
      expect.objectContaining({ message: 'noted', requestId: 'shop-42', traceId: TRACE_ID }),
      expect.objectContaining({
        ...{ message: 'request answered', requestId: 'shop-42', traceId: TRACE_ID },
      }),
    ]);
  });

  it('has one line at its end, which names the pattern and never the path', async () => {
    await fetch(`${base}/notes/a-secret-code?token=x`, { method: 'POST', body: '{"note":"a"}' });
    await fetch(`${base}/nowhere/a-secret-code`);
    const told = lines.filter(({ message }) => message === 'request answered');
    const ms = expect.any(Number);
    expect(told.map(({ fields }) => fields)).toEqual([
      { method: 'POST', route: '/notes/:id', status: 200, ms },
      { method: 'GET', route: 'none', status: 404, ms },
    ]);
    expect(answers).toMatchObject([
      { method: 'POST', route: '/notes/:id', status: 200 },
      { method: 'GET', route: 'none', status: 404 },
    ]);
    expect(JSON.stringify(lines.filter(({ message }) => message !== 'noted'))).not.toContain(
      'secret-code',
    );
  });

  it('of a probe that is answered with yes is counted, and has no line', async () => {
    await fetch(`${base}/health/live`);
    expect(lines).toEqual([]);
    expect(answers).toMatchObject([{ route: '/health/live', status: 200 }]);
  });

  it('that fails is told of under its own trace', async () => {
    const answer = await fetch(`${base}/broken`, { headers: { traceparent: TRACEPARENT } });
    expect(answer.status).toBe(500);
    expect(lines[0]).toMatchObject({
      ...{ message: 'request failed', traceId: TRACE_ID },
      requestId: answer.headers.get('request-id'),
    });
  });

  it('gets a trace of its own when it brings none that is well-formed', async () => {
    await fetch(`${base}/nowhere`, { headers: { traceparent: '00-what' } });
    await fetch(`${base}/nowhere`);
    const ids = lines.map(({ traceId }) => traceId);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('the request id', () => {
  it.each(['shop-42', 'a', '7f0c.1~x_Y', 'a'.repeat(128)])(
    'is the caller’s own when it is well-formed: %s',
    async (id) => {
      const answer = await fetch(`${base}/nowhere`, { headers: { 'Request-ID': id } });
      expect(answer.headers.get('request-id')).toBe(id);
    },
  );

  it.each(['', '-a', 'a b', 'a"b', '${jndi}', 'é', 'a'.repeat(129)])(
    'is ours when the caller’s is not: %j',
    async (id) => {
      const answer = await fetch(`${base}/nowhere`, { headers: { 'Request-ID': id } });
      expect(answer.headers.get('request-id')).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  it('is taken from X-Request-ID too, as proxies name it', async () => {
    const answer = await fetch(`${base}/nowhere`, { headers: { 'X-Request-ID': 'proxy-1' } });
    expect(answer.headers.get('request-id')).toBe('proxy-1');
  });
});
