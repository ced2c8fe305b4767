import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyAuditTrail } from '@stuiver/audit';
import type {
  AuditRecord,
  BankLine,
  BatchDetail,
  MerchantPayee,
  OpenItem,
  Page,
  PayoutSummary,
} from '@stuiver/console-api';
import { Bank } from '../../testing/bank.js';
import { ConsoleApp } from '../../testing/console-app.js';
import { ONE, TWO } from '../../testing/payout-world.js';

const ANNA = `stf_${'anna'.padEnd(26, '0')}`;
const BRAM = `stf_${'bram'.padEnd(26, '0')}`;
const MIRA = `stf_${'mira'.padEnd(26, '0')}`;
const IBAN = 'NL91ABNA0417164300';

let desk: ConsoleApp;
let batch: BatchDetail;
let lastNo: string;
const bank = new Bank();

beforeAll(async () => {
  desk = await ConsoleApp.start();
  lastNo = (await entries())[0]?.no ?? '0';
}, 60_000);
afterAll(() => desk.close());

async function entries(query = ''): Promise<readonly AuditRecord[]> {
  const { body } = await desk.anna<Page<AuditRecord>>('GET', `finance/audit${query}`);
  return body.items;
}

/** What is on record since the last look, oldest first. */
async function news(): Promise<readonly AuditRecord[]> {
  const all = await entries();
  const fresh = all.filter(({ no }) => BigInt(no) > BigInt(lastNo)).reverse();
  lastNo = all[0]?.no ?? lastNo;
  return fresh;
}

async function operator(method: string, path: string, body: object): Promise<void> {
  const answer = await fetch(`${desk.base}/operator/${path}`, {
    method,
    headers: { authorization: 'Bearer operator', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect([path, answer.status]).toEqual([path, expect.any(Number)]);
  expect(answer.status).toBeLessThan(300);
}

async function prepare(merchantId: string, amount: bigint): Promise<void> {
  await desk.world.ledger.pay(merchantId, amount);
  batch = (await desk.anna<BatchDetail>('POST', 'finance/batches', {})).body;
}

async function payoutOf(merchantId: string): Promise<PayoutSummary> {
  const { body } = await desk.anna<BatchDetail>('GET', `finance/batches/${batch.batchId}`);
  const payout = body.payouts.find((one) => one.merchantId === merchantId);
  if (payout === undefined) throw new Error(`no payout of ${merchantId}`);
  return payout;
}

async function duplicate(): Promise<string> {
  const query = 'finance/open-items?kind=duplicate-statement';
  const { body } = await desk.anna<Page<OpenItem>>('GET', query);
  return `finance/open-items/${body.items[0]?.openItemId ?? ''}`;
}

const approve = (path = 'approve', body: object = { fileSha256: batch.fileSha256 }) =>
  desk.bram('POST', `finance/batches/${batch.batchId}/${path}`, body);

const rejection = (batchId: string): string =>
  `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
    <GrpHdr><MsgId>S-1</MsgId><CreDtTm>2026-11-24T09:00:00Z</CreDtTm></GrpHdr>
    <OrgnlGrpInfAndSts><OrgnlMsgId>${batchId.replace('_', '-')}</OrgnlMsgId>
    <OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>ACSP</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>`;

interface Step {
  readonly what: string;
  readonly act: () => Promise<unknown>;
  /** Exactly these entries: what, by whom. */
  readonly leaves: readonly (readonly [string, string])[];
}

const STEPS: readonly Step[] = [
  {
    what: 'a batch is prepared, which closes the settlement',
    act: () => prepare(ONE, 1_000n),
    leaves: [
      ['settlement-begun', ANNA],
      ['batch-prepared', ANNA],
    ],
  },
  { what: 'a batch is approved', act: () => approve(), leaves: [['batch-approved', BRAM]] },
  { what: 'a batch is approved again', act: () => approve(), leaves: [] },
  {
    what: 'a batch is exported',
    act: () => approve('export', {}),
    leaves: [['batch-exported', BRAM]],
  },
  { what: 'a batch is exported again', act: () => approve('export', {}), leaves: [] },
  {
    what: 'the bank answers',
    act: () => desk.anna('POST', 'finance/bank-answers', rejection(batch.batchId)),
    leaves: [['bank-answer-imported', ANNA]],
  },
  {
    what: 'a payout is rejected',
    act: async () => {
      const { payoutId } = await payoutOf(ONE);
      await desk.anna('POST', `finance/payouts/${payoutId}/reject`, { reasonCode: 'AC04' });
    },
    leaves: [['payout-rejected', ANNA]],
  },
  {
    what: 'a payout is rejected again',
    act: async () => {
      const { payoutId } = await payoutOf(ONE);
      await desk.anna('POST', `finance/payouts/${payoutId}/reject`, { reasonCode: 'AC04' });
    },
    leaves: [],
  },
  {
    what: 'a payee is confirmed',
    act: () => desk.anna('POST', `finance/payees/${ONE}/confirm`, {}),
    leaves: [['payee-confirmed', ANNA]],
  },
  {
    what: 'a payee is confirmed whom nobody knows',
    act: () => desk.anna('POST', 'finance/payees/1999999999/confirm', {}),
    leaves: [],
  },
  {
    what: 'a payee is changed',
    act: async () => {
      await desk.world.rules('update payout.four_eyes set cool_off_hours = 0');
      const people = { maker: 'Femke', checker: 'Jonas' };
      await operator('PUT', `payees/${TWO}`, { name: 'Café Twee', iban: IBAN, ...people });
    },
    leaves: [
      ['payee-change-asked', 'operator'],
      ['payee-change-approved', 'operator'],
      ['payee-kept', 'operator'],
    ],
  },
  {
    what: 'another account is asked for, refused, asked for again and withdrawn',
    act: async () => {
      const wanted = { name: 'Café Een', iban: 'DE89370400440532013000' };
      const path = `merchants/${ONE}/payee/changes`;
      const first = await desk.mira<MerchantPayee>('POST', path, wanted);
      const id = first.body.change?.payeeChangeId ?? '';
      await desk.bram('POST', `finance/payee-changes/${id}/refuse`, {});
      const second = await desk.mira<MerchantPayee>('POST', path, wanted);
      await desk.mira('POST', `${path}/${second.body.change?.payeeChangeId ?? ''}/withdraw`, {});
    },
    leaves: [
      ['payee-change-asked', MIRA],
      ['payee-change-refused', BRAM],
      ['payee-change-asked', MIRA],
      ['payee-change-withdrawn', MIRA],
    ],
  },
  {
    what: 'a batch is prepared and discarded',
    act: async () => {
      await prepare(TWO, 500n);
      await approve('discard', {});
      await approve('discard', {});
    },
    leaves: [
      ['settlement-begun', ANNA],
      ['batch-prepared', ANNA],
      ['batch-discarded', BRAM],
    ],
  },
  {
    what: 'the maker tries to approve',
    act: async () => {
      await prepare(TWO, 500n);
      const path = `finance/batches/${batch.batchId}/approve`;
      await desk.anna('POST', path, { fileSha256: batch.fileSha256 });
    },
    leaves: [
      ['settlement-begun', ANNA],
      ['batch-prepared', ANNA],
    ],
  },
  {
    what: 'payouts are run by hand',
    act: async () => {
      await desk.world.ledger.pay(ONE, 700n);
      await operator('POST', 'payouts/run', { date: 'today', maker: 'Wim', checker: 'Zoë' });
    },
    leaves: [
      ['settlement-begun', 'operator'],
      ['batch-prepared', 'operator'],
      ['batch-approved', 'operator'],
      ['batch-exported', 'operator'],
    ],
  },
  {
    what: 'a statement is imported',
    act: () =>
      desk.anna(
        'POST',
        'finance/statements',
        bank.day('2026-11-24', [{ amount: 777n }]).toString(),
      ),
    leaves: [['statement-imported', ANNA]],
  },
  {
    what: 'another statement of the same day is refused',
    act: async () => {
      bank.forget([{ amount: 777n }]);
      const twin = bank.day('2026-11-24', [{ amount: 777n }, { amount: 1n }]).toString();
      await desk.anna('POST', 'finance/statements', twin);
    },
    leaves: [],
  },
  {
    what: 'an open item is spoken of, and closed',
    act: async () => {
      await desk.anna('POST', `${await duplicate()}/notes`, { comment: 'asked the bank' });
      await desk.anna('POST', `${await duplicate()}/close`, { note: 'the bank sent it twice' });
    },
    leaves: [
      ['open-item-noted', ANNA],
      ['open-item-closed', ANNA],
    ],
  },
  {
    what: 'the PSP is asked to pay out',
    act: async () => {
      desk.world.psp.happen({ kind: 'payment', amount: 777n });
      await desk.anna('POST', 'finance/psp-payouts', { amountMinor: '777' });
    },
    leaves: [['psp-payout-requested', ANNA]],
  },
  {
    what: 'a line of the bank is placed, and once only',
    act: async () => {
      await desk.world.parts.recon.reconcile.run();
      const [sent] = await desk.world.database.query<{ id: string }>(
        'select psp_payout_id as id from payout.psp_payout_request',
      );
      const { body } = await desk.anna<Page<BankLine>>('GET', 'finance/bank-lines?state=open');
      const path = `finance/bank-lines/${body.items[0]?.bankLineId ?? ''}/place`;
      const said = { pspPayoutId: sent?.id ?? '', note: 'the text was cut' };
      await desk.anna('POST', path, said);
      await desk.anna('POST', path, said);
    },
    leaves: [['bank-line-placed', ANNA]],
  },
  {
    what: 'a merchant is given a link to their pages',
    act: () => operator('POST', 'settlement-links', { merchantId: ONE }),
    leaves: [['settlement-link-given', 'operator']],
  },
];

describe('what staff and operators do about payouts is on record, once each', () => {
  it.each(STEPS)('$what', async ({ act, leaves }) => {
    await act();
    const fresh = await news();
    expect(fresh.map((entry) => [entry.act, entry.actorId ?? entry.actorKind])).toEqual(leaves);
    for (const { requestId, ip } of fresh) {
      expect([requestId, ip]).toEqual([expect.any(String), '127.0.0.1']);
    }
  });

  it('with what was before and after, and why', async () => {
    const [placed] = await entries('?act=bank-line-placed');
    expect(placed).toMatchObject({ subjectKind: 'bank-line', reason: 'the text was cut' });
    const [discarded] = await entries('?act=batch-discarded');
    const facts = [discarded?.before, discarded?.after];
    expect(facts).toEqual(['{"state":"prepared"}', '{"state":"discarded"}']);
  });

  it('names nobody and no account', async () => {
    const rows = await desk.world.database.query('select * from payout.audit_entry');
    const text = JSON.stringify(rows);
    for (const word of ['Anna', 'Bram', 'Wim', 'Zoë', 'Café', IBAN, '@']) {
      expect(text).not.toContain(word);
    }
  });

  it('is good in the end, and shown to finance and operators only', async () => {
    const verified = await verifyAuditTrail(desk.world.database, 'payout');
    expect(verified.finding).toBeNull();
    expect((await desk.olga('GET', 'finance/audit')).status).toBe(200);
    expect((await desk.mira('GET', 'finance/audit')).status).toBe(403);
    expect((await desk.anna('GET', 'finance/audit?from=2026-02-31')).status).toBe(400);
  });
});
