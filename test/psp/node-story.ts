import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Stripe from 'stripe';
import { eventually, REPOSITORY_ROOT } from '@stuiver/testing';
import { filledIn, keepFrom, type Facts, objectionsTo } from './story-facts.js';

/** Takes the steps of story.json with Stripe's client for Node. */

interface Step {
  readonly name: string;
  readonly do: string;
  readonly id?: string;
  readonly with?: Facts;
  readonly key?: string;
  readonly account?: string;
  readonly secretKey?: string;
  /** Sent twice at once under one key: the first answer is the error, the other the expected one. */
  readonly twice?: boolean;
  /** The name of its keep, and where in the answer it stands. */
  readonly keep?: Readonly<Record<string, string>>;
  readonly expect?: Facts;
  readonly error?: Facts;
}

type Answer = Readonly<{ ok: boolean; facts: Facts }>;
type Call = (...args: unknown[]) => Promise<Facts> & AsyncIterable<Facts>;

export async function readStory(): Promise<readonly Step[]> {
  const text = await readFile(join(REPOSITORY_ROOT, 'test/psp/story.json'), 'utf8');
  return JSON.parse(text) as Step[];
}

export class NodeStory {
  private readonly messages: { body: string; signature: string }[] = [];
  private readonly kept: Record<string, unknown>;

  private constructor(
    private readonly sandbox: URL,
    private readonly secretKey: string,
    private readonly hook: Server,
  ) {
    const { port } = hook.address() as AddressInfo;
    const hookUrl = `http://127.0.0.1:${String(port)}/`;
    this.kept = { hook: hookUrl, version: Stripe.API_VERSION };
    hook.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const signature = String(request.headers['stripe-signature']);
        this.messages.push({ body: Buffer.concat(parts).toString(), signature });
        response.end();
      });
    });
  }

  static async open(sandbox: URL, secretKey: string): Promise<NodeStory> {
    const hook = createServer().listen(0, '127.0.0.1');
    await once(hook, 'listening');
    return new NodeStory(sandbox, secretKey, hook);
  }

  close(): void {
    this.hook.closeAllConnections();
    this.hook.close();
  }

  /** @returns what is not as the step says; nothing when all is. */
  async take(step: Step): Promise<readonly string[]> {
    if (step.twice === true) return this.takeTwice(step);
    const { ok, facts } = await this.answer(step);
    keepFrom(facts, step.keep ?? {}, this.kept);
    const [should, expected] =
      step.error === undefined ? [true, step.expect ?? {}] : [false, step.error];
    if (ok !== should) return [`${ok ? 'accepted' : 'refused'}: ${JSON.stringify(facts)}`];
    return objectionsTo(facts, expected, this.kept);
  }

  private async takeTwice(step: Step): Promise<readonly string[]> {
    const both = [this.answer(step), this.answer(step)];
    const first = await Promise.race(both);
    await this.behind('DELETE', '/_test/faults', undefined);
    const other = (await Promise.all(both)).find((answer) => answer !== first);
    return [
      ...objectionsTo(first.facts, step.error ?? {}, this.kept),
      ...objectionsTo(other?.facts ?? {}, step.expect ?? {}, this.kept),
    ];
  }

  private async answer(step: Step): Promise<Answer> {
    const given = filledIn(step.with ?? {}, this.kept) as Facts;
    const id = String(filledIn(step.id ?? '', this.kept));
    const [where = '', what = ''] = step.do.split('.');
    try {
      if (where === 'page') return { ok: true, facts: await page(id, what, given) };
      if (where === 'behind') return { ok: true, facts: await this.behind('POST', id, given) };
      if (where === 'webhook') return { ok: true, facts: await this.webhook(what, given) };
      return { ok: true, facts: await this.call(step, { id, given }) };
    } catch (error) {
      return { ok: false, facts: errorFacts(error) };
    }
  }

  private async call(step: Step, { id, given }: { id: string; given: Facts }): Promise<Facts> {
    const [where = '', what = ''] = step.do.split('.');
    const options = {
      ...(step.key === undefined ? {} : { idempotencyKey: step.key }),
      ...(step.account === undefined
        ? {}
        : { stripeAccount: String(filledIn(step.account, this.kept)) }),
    };
    const stripe = this.client(step.secretKey ?? this.secretKey);
    const call = callOf(stripe, where, what);
    const args = [...(id === '' ? [] : [id]), ...(what === 'delete' ? [] : [given]), options];
    if (what !== 'list') return withHeaders(await call(...args));
    const data: Facts[] = [];
    for await (const one of call(...args)) data.push(one);
    return { data, count: data.length, ids: data.map(({ id: one }) => one) };
  }

  private client(secretKey: string): Stripe {
    const { hostname, port } = this.sandbox;
    return new Stripe(secretKey, {
      ...{ host: hostname, port: Number(port), protocol: 'http', maxNetworkRetries: 0 },
      telemetry: false,
    });
  }

  private async behind(method: string, path: string, body: unknown): Promise<Facts> {
    const answer = await fetch(new URL(path, this.sandbox), {
      method,
      headers: { authorization: `Bearer ${this.secretKey}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status };
  }

  private async webhook(what: string, given: Facts): Promise<Facts> {
    const { body, signature } = await eventually(String(given['type']), () =>
      this.messages.find(({ body: text }) => {
        const event = JSON.parse(text) as { type: string; data: { object: { id?: string } } };
        return event.type === given['type'] && event.data.object.id === given['about'];
      }),
    );
    const { webhooks } = this.client(this.secretKey);
    const secret = String(this.kept['secret']);
    if (what === 'take') return { ...webhooks.constructEvent(body, signature, secret) };
    try {
      webhooks.constructEvent(body, signature, `${secret}x`);
      return { refused: false };
    } catch {
      return { refused: true };
    }
  }
}

function callOf(stripe: Stripe, where: string, what: string): Call {
  const named = where === 'transferReversals' ? 'transfers' : where;
  const method =
    where === 'transferReversals' ? 'createReversal' : what === 'delete' ? 'del' : what;
  const resource = (stripe as unknown as Record<string, Record<string, Call>>)[named] ?? {};
  const call = resource[method];
  if (call === undefined) throw new Error(`the client has no ${named}.${method}`);
  return call.bind(resource);
}

function withHeaders(answer: Facts): Facts {
  const { headers } = answer['lastResponse'] as { headers: Facts };
  return { ...answer, answer: headers };
}

async function page(url: string, what: string, given: Facts): Promise<Facts> {
  const body = new URLSearchParams(given as Record<string, string>);
  const answer = await fetch(url, {
    redirect: 'manual',
    ...(what === 'post' ? { method: 'POST', body } : {}),
  });
  const { status, headers } = answer;
  return { status, location: headers.get('location'), text: await answer.text() };
}

function errorFacts(error: unknown): Facts {
  const told = error as Readonly<Record<string, unknown>>;
  if (told['rawType'] === undefined) return { message: String(error) };
  return {
    ...{ status: told['statusCode'], type: told['rawType'], code: told['code'] },
    ...{ param: told['param'], decline_code: told['decline_code'] },
    ...{ payment_intent: told['payment_intent'], request_id: told['requestId'] },
    message: told['message'],
  };
}
