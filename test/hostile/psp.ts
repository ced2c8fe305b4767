import type { RunningStuiver } from '@stuiver/testing';

/** What the PSP has of one order, over all its payments. Minor units. */
export interface PspSide {
  /** Payments that succeeded and were not given back in full. */
  readonly kept: number;
  readonly keptMinor: number;
  readonly succeeded: number;
  /** Payments that the payer could still authorise. */
  readonly open: number;
}

interface Intent {
  readonly id: string;
  readonly description: string | null;
  readonly status: string;
  readonly latest_charge: {
    readonly status: string;
    readonly amount: number;
    readonly amount_refunded: number;
  } | null;
}

interface List {
  readonly data: readonly Intent[];
  readonly has_more: boolean;
}

const HEADERS = { authorization: 'Bearer sk_test_stuiver' };
const OPEN = ['requires_action', 'processing'];
const EVENTS = { drop: 10, duplicate: 20, delay: 30, delay_seconds_max: 5 };

/** The PSP as it says itself, and what is done behind its back. */
export class Psp {
  constructor(private readonly stuiver: RunningStuiver) {}

  /** The next call that begins or cancels a payment meets it. */
  spoilNext(effect: string): Promise<void> {
    return this.behind('POST', 'faults', { path: '/v1/payment_intents', effect, times: 1 });
  }

  spoilEvents(seed: number): Promise<void> {
    return this.behind('POST', 'webhooks/faults', { ...EVENTS, seed });
  }

  /** It answers nobody any more, the webhooks that it has are not sent, and its own books cannot be read. */
  async vanish(): Promise<void> {
    await this.behind('POST', 'webhooks', { hold: true });
    await this.behind('POST', 'faults', { path: '/v1/', effect: 'unreachable' });
  }

  /** How many calls met nobody since it vanished. */
  async callsInVain(): Promise<number> {
    const answer = await fetch(`${this.stuiver.sandboxUrl}/_test/faults`, { headers: HEADERS });
    return ((await answer.json()) as { unreachable: number }).unreachable;
  }

  async endFaults(): Promise<void> {
    await this.behind('DELETE', 'faults');
    await this.behind('DELETE', 'webhooks/faults');
    await this.behind('POST', 'webhooks', { hold: false });
  }

  /** By what stands on them: every order says its number. */
  async sides(): Promise<ReadonlyMap<string, PspSide>> {
    const sides = new Map<string, PspSide>();
    for await (const intent of this.intents()) {
      const number = intent.description ?? '';
      const before = sides.get(number) ?? { kept: 0, keptMinor: 0, succeeded: 0, open: 0 };
      const charge = intent.latest_charge;
      const hasSucceeded = charge?.status === 'succeeded';
      const keptMinor = hasSucceeded ? charge.amount - charge.amount_refunded : 0;
      sides.set(number, {
        kept: before.kept + (keptMinor > 0 ? 1 : 0),
        keptMinor: before.keptMinor + keptMinor,
        succeeded: before.succeeded + (hasSucceeded ? 1 : 0),
        open: before.open + (OPEN.includes(intent.status) ? 1 : 0),
      });
    }
    return sides;
  }

  /** Available and pending, in minor units. */
  async balanceMinor(): Promise<number> {
    const answer = await this.get('balance');
    const { available, pending } = (await answer.json()) as Record<string, { amount: number }[]>;
    return [...(available ?? []), ...(pending ?? [])].reduce((sum, { amount }) => sum + amount, 0);
  }

  private async *intents(): AsyncGenerator<Intent> {
    let after = '';
    for (;;) {
      const query = `payment_intents?limit=100&expand[]=data.latest_charge${after}`;
      const page = (await (await this.get(query)).json()) as List;
      yield* page.data;
      const last = page.data.at(-1);
      if (!page.has_more || last === undefined) return;
      after = `&starting_after=${last.id}`;
    }
  }

  private async get(path: string): Promise<Response> {
    const answer = await fetch(`${this.stuiver.sandboxUrl}/v1/${path}`, { headers: HEADERS });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
    return answer;
  }

  private async behind(method: string, path: string, body?: object): Promise<void> {
    const answer = await fetch(`${this.stuiver.sandboxUrl}/_test/${path}`, {
      method,
      headers: HEADERS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  }
}
