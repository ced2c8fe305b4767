import { KEY } from './sandbox-world.js';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly error: Readonly<Record<string, unknown>> | undefined;
}

interface Call {
  readonly body?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The wire without any client: what is sent is what is written here. */
export class Wire {
  constructor(private readonly world: { readonly url: string }) {}

  post(path: string, body: string, call: Call = {}): Promise<WireAnswer> {
    return this.send('POST', path, { ...call, body });
  }

  get(path: string, call: Call = {}): Promise<WireAnswer> {
    return this.send('GET', path, call);
  }

  /** A paid payment intent. @returns its id. */
  async paidIntent(amount = 1_250, card = 'pm_card_visa'): Promise<string> {
    const body = `amount=${amount}&currency=eur&confirm=true&payment_method=${card}`;
    return String((await this.post('/v1/payment_intents', body)).body['id']);
  }

  async send(method: string, path: string, call: Call): Promise<WireAnswer> {
    const { body, key } = call;
    const answer = await fetch(this.world.url + path, {
      method,
      headers: {
        authorization: `Bearer ${KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    const parsed = JSON.parse(text === '' ? '{}' : text) as WireAnswer['body'];
    const error = parsed['error'] as WireAnswer['error'];
    return { status: answer.status, headers: answer.headers, text, body: parsed, error };
  }
}

/** The ids on one page of a list. */
export function idsOf({ body }: WireAnswer): readonly string[] {
  return (body['data'] as { id: string }[]).map(({ id }) => id);
}
