import { eventually, type RunningStuiver } from '@stuiver/testing';
import { type StaffClient, staffClient } from '../support/staff-client.js';
import type { Outside } from './outside.js';

const HEARD_MS_MAX = 60_000;

export interface PaidOut {
  readonly payoutId: string;
  readonly batchId: string;
  readonly settlementId: string;
  readonly merchantId: string;
  readonly endToEndId: string;
  readonly amountMinor: string;
}
interface Batch {
  readonly batchId: string;
  readonly fileSha256: string;
  readonly payouts: readonly PaidOut[];
}
export interface OpenItem {
  readonly openItemId: string;
  readonly kind: string;
  readonly subject: string;
  readonly dueAt: string | null;
}
interface TieOut {
  readonly explained: boolean;
  readonly rows: readonly { readonly name: string; readonly differenceMinor: string }[];
}

/** Finance at work: Femke makes and Jonas checks, in the console's own doors. */
export class Desk {
  private readonly imported = new Set<string>();
  private people: { readonly femke: StaffClient; readonly jonas: StaffClient } | undefined;

  constructor(
    private readonly stuiver: RunningStuiver,
    private readonly outside: Outside,
  ) {}

  get femke(): StaffClient {
    if (this.people === undefined) throw new Error('nobody has signed in today');
    return this.people.femke;
  }

  get jonas(): StaffClient {
    if (this.people === undefined) throw new Error('nobody has signed in today');
    return this.people.jonas;
  }

  /** A session of yesterday is over. */
  async signIn(): Promise<void> {
    this.people = {
      femke: await staffClient(this.stuiver, 'finance', 0),
      jonas: await staffClient(this.stuiver, 'finance', 1),
    };
  }

  /** What the bank has told since, oldest first. */
  async news(): Promise<readonly { id: string; xml: string }[]> {
    const ids = (await this.outside.statementIds()).filter((id) => !this.imported.has(id));
    return Promise.all(ids.map(async (id) => ({ id, xml: await this.outside.statement(id) })));
  }

  async import({ id, xml }: { id: string; xml: string }): Promise<void> {
    const { status, json } = await this.femke.postFile('/console/finance/statements', xml);
    if (status !== 200) throw new Error(`statement ${id}: ${JSON.stringify(json)}`);
    this.imported.add(id);
  }

  /** @returns the status of the answer. */
  async tryImport(xml: string): Promise<number> {
    return (await this.femke.postFile('/console/finance/statements', xml)).status;
  }

  async importAnswer(xml: string): Promise<void> {
    need(await this.femke.postFile('/console/finance/bank-answers', xml));
  }

  /** Settled, prepared by one, approved by another, and brought to the bank. Empty when there is nothing to pay. */
  async payOut(before: (payouts: readonly PaidOut[]) => Promise<void>): Promise<Batch | undefined> {
    const prepared = await this.femke.post('/console/finance/batches', {});
    if (prepared.status === 409) return undefined;
    const batch = need(prepared) as Batch;
    await before(batch.payouts);
    const path = `/console/finance/batches/${batch.batchId}`;
    need(await this.jonas.post(`${path}/approve`, { fileSha256: batch.fileSha256 }));
    need(await this.femke.post(`${path}/export`, {}));
    await this.outside.bringFile(await this.femke.text(`${path}/file`));
    return batch;
  }

  /** Brings what the PSP has for us to the bank. */
  async fetchFromPsp(): Promise<void> {
    const available = await this.outside.availableMinor();
    if (available <= 0) return;
    const body = { amountMinor: String(available) };
    need(await this.femke.post('/console/finance/psp-payouts', body));
  }

  /** Where a shop is paid changes: asked by one, agreed to by another; it counts after its cool-off. */
  async changePayee(mchid: string, payee: { name: string; iban: string }): Promise<void> {
    const path = '/console/finance/payee-changes';
    const { change } = need(await this.femke.post(path, { mchid, ...payee })) as {
      change: { payeeChangeId: string; detailsSha256: string };
    };
    const consent = { detailsSha256: change.detailsSha256, payeeCheck: 'RCVC' };
    need(await this.jonas.post(`${path}/${change.payeeChangeId}/approve`, consent));
  }

  /** Whether no change is waiting for its cool-off any more. */
  async payeesAreSettled(): Promise<void> {
    await eventually(
      'changed payees are in use',
      async () => {
        const path = '/console/finance/payee-changes?state=open';
        const { items } = await this.femke.get<{ items: { useFrom: string | null }[] }>(path);
        return items.every(({ useFrom }) => useFrom !== null && new Date(useFrom) > new Date());
      },
      HEARD_MS_MAX,
    );
  }

  async confirmPayee(mchid: string): Promise<void> {
    need(await this.jonas.post(`/console/finance/payees/${mchid}/confirm`, {}));
  }

  async close(item: OpenItem, note: string): Promise<void> {
    const path = `/console/finance/open-items/${item.openItemId}/close`;
    need(await this.jonas.post(path, { note }));
  }

  async items(): Promise<readonly OpenItem[]> {
    const found: OpenItem[] = [];
    for (let after = ''; ;) {
      const page = await this.femke.get<{ items: OpenItem[]; next: string | null }>(
        `/console/finance/open-items${after}`,
      );
      found.push(...page.items);
      if (page.next === null) return found;
      after = `?before=${page.next}`;
    }
  }

  async finds(kind: string, subject: string): Promise<void> {
    await eventually(
      `${kind} ${subject} is open`,
      async () =>
        (await this.items()).some((item) => item.kind === kind && item.subject === subject),
      HEARD_MS_MAX,
    );
  }

  /** What a person must look at: everything that is not merely under way. */
  async exceptions(): Promise<readonly OpenItem[]> {
    const now = new Date();
    return (await this.items()).filter(({ dueAt }) => dueAt === null || new Date(dueAt) <= now);
  }

  /** PSP, ledger and bank agree to the cent, as soon as what was said has been heard. */
  async tiesOut(): Promise<void> {
    let last: TieOut | undefined;
    await eventually(
      'PSP, ledger and bank add up',
      async () => {
        last = await this.femke.get<TieOut>('/console/finance/tie-out');
        const { explained, rows } = last;
        return explained && rows.every(({ differenceMinor }) => differenceMinor === '0');
      },
      HEARD_MS_MAX,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    });
  }
}

function need({ status, json }: { status: number; json: unknown }): unknown {
  if (status >= 300) throw new Error(`${String(status)} ${JSON.stringify(json)}`);
  return json;
}
