import type { RunningStuiver } from '@stuiver/testing';

const HEADERS = { authorization: 'Bearer sk_test_stuiver' };

interface PspPayout {
  readonly id: string;
  readonly status: string;
}
interface Intent {
  readonly id: string;
  readonly description: string | null;
}

/** The bank and the PSP, through their own doors: what they have, and what they do behind our back. */
export class Outside {
  constructor(private readonly stuiver: RunningStuiver) {}

  /** Ends the days that are over. */
  async endPastDays(): Promise<void> {
    await this.json('POST', '/bank/clock', JSON.stringify({ advance_days: 0 }));
  }

  /** The bank's own names of its statements, oldest first. */
  async statementIds(): Promise<readonly string[]> {
    const { statements } = (await this.json('GET', '/bank/statements')) as {
      statements: { id: string; day: string }[];
    };
    return statements.toSorted((one, two) => (one.day < two.day ? -1 : 1)).map(({ id }) => id);
  }

  statement(id: string): Promise<string> {
    return this.text('GET', `/bank/statements/${encodeURIComponent(id)}`);
  }

  async bringFile(xml: string): Promise<void> {
    const { status } = await this.json('POST', '/bank/payments', xml);
    if (status !== 'accepted') throw new Error(`the bank did not take the file: ${String(status)}`);
  }

  plan(endToEndId: string, plan: object): Promise<string> {
    return this.text('POST', `/bank/plans/${endToEndId}`, JSON.stringify(plan));
  }

  /** What the bank says about a file: pain.002. */
  answer(batchId: string): Promise<string> {
    return this.text('GET', `/bank/payments/${batchId.replace('_', '-')}`);
  }

  /** Minor units that the PSP would pay out now. */
  async availableMinor(): Promise<number> {
    const { available } = (await this.json('GET', '/v1/balance')) as {
      available: { amount: number }[];
    };
    return available.reduce((sum, { amount }) => sum + amount, 0);
  }

  /** A payout that arrived; the newest. */
  async paidPspPayout(): Promise<string | undefined> {
    const { data } = (await this.json('GET', '/v1/payouts?limit=100&status=paid')) as {
      data: PspPayout[];
    };
    return data[0]?.id;
  }

  async failPspPayout(id: string): Promise<void> {
    await this.json('POST', `/_test/payouts/${id}/fail`, '{}');
  }

  /** @param number  what stands on the payment: the order's number. @returns the dispute's id. */
  async dispute(number: string): Promise<string> {
    const intent = await this.intentOf(number);
    const door = `/_test/payment_intents/${intent.id}/disputes`;
    return String((await this.json('POST', door, '{}'))['id']);
  }

  async settleDispute(id: string, outcome: 'won' | 'lost'): Promise<void> {
    await this.json('POST', `/_test/disputes/${id}/${outcome}`, '{}');
  }

  /** Newest first, page by page: a day has more payments than a page. */
  private async intentOf(number: string): Promise<Intent> {
    for (let after = ''; ;) {
      const page = (await this.json('GET', `/v1/payment_intents?limit=100${after}`)) as {
        data: Intent[];
        has_more: boolean;
      };
      const found = page.data.find(({ description }) => description === number);
      if (found !== undefined) return found;
      if (!page.has_more) throw new Error(`the PSP has no payment of ${number}`);
      after = `&starting_after=${page.data.at(-1)?.id ?? ''}`;
    }
  }

  private async json(method: string, path: string, body?: string) {
    return JSON.parse(await this.text(method, path, body)) as Record<string, unknown>;
  }

  private async text(method: string, path: string, body?: string): Promise<string> {
    const answer = await fetch(this.stuiver.sandboxUrl + path, {
      ...{ method, headers: { ...HEADERS, accept: 'application/xml' } },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${text}`);
    return text;
  }
}
