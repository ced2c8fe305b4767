import pg from 'pg';
import type { LedgerCommand } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { commandIdOf, newId, newUuid } from '@stuiver/ids';
import { writeCamt053 } from '@stuiver/iso20022';
import { Money } from '@stuiver/money';
import type { PayoutParts } from '../assemble.js';
import { MatchBankLines } from '../use-cases/match-bank-lines.js';
import type { PayoutBench } from './payout-bench.js';
import { measured } from './measured.js';
import { submitAll } from './measure-settlement.js';

const AMOUNT_MINOR = 1_250n;
/** The day's statement tells of every fifth payout that is under way. */
const EXPECTED_PER_LINE = 5;
const PAYOUTS_PER_BATCH = 20_000;
const PER_BULK = 500;

interface UnderWay {
  readonly payoutId: string;
  readonly settlementId: string;
  readonly merchantId: string;
  readonly batchId: string;
}

let sequence = 0n;
let balance = Money.zero('EUR');

/** A statement that names a fifth of the payouts under way: read and kept, matched line by line, booked. */
export async function measureBank(
  bench: PayoutBench,
  parts: PayoutParts,
  { expected, day }: { expected: number; day: string },
): Promise<void> {
  const { options, print } = bench;
  const { clock, crash, log, ledger } = options;
  const { lines, importStatement, reconcile, items } = parts.recon;
  const underWay = await putUnderWay(bench, expected);
  const told = underWay.filter((_one, index) => index % EXPECTED_PER_LINE === 0);
  await approve(bench, told);
  const content = statementOf(told, { day, iban: options.debtor.iban, at: clock.now() });
  const n = told.length;
  const imported = await measured({ name: 'payout.statement.import', n }, () =>
    importStatement.run({ content, by: 'bench' }),
  );
  print(imported.line);
  const match = new MatchBankLines(lines, { clock, crash, log });
  const matched = await measured({ name: 'payout.statement.match', n }, () =>
    match.run({ again: false }),
  );
  invariant(matched.result === n, `${matched.result} of ${n} lines were matched`);
  print(matched.line);
  print((await measured({ name: 'payout.statement.book', n }, () => reconcile.catchUp())).line);
  const open = { name: 'payout.open-items', n: expected - n };
  print((await measured(open, () => items.refresh(clock.now()))).line);
  const { balanceMinor } = (await ledger.account('bank:main')) ?? {};
  invariant(balanceMinor === String(balance.minor), 'the bank’s account is what the bank says');
}

/** Straight into the tables, as if approved and exported before: making 100 000 payouts is not what is measured. */
async function putUnderWay(
  { adminUrl, options }: PayoutBench,
  count: number,
): Promise<readonly UnderWay[]> {
  const { clock, random } = options;
  const id = (kind: 'Payout' | 'Settlement' | 'PayoutBatch'): string =>
    newId(kind, clock.now(), random);
  let batchId = '';
  const all = Array.from({ length: count }, (_none, index) => {
    if (index % PAYOUTS_PER_BATCH === 0) batchId = id('PayoutBatch');
    const merchantId = newUuid(random);
    return { payoutId: id('Payout'), settlementId: id('Settlement'), merchantId, batchId };
  });
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query(INSERT_BATCHES, [[...new Set(all.map((one) => one.batchId))]]);
    const columns = [
      all.map(({ payoutId }) => payoutId),
      all.map(({ settlementId }) => settlementId),
      all.map(({ merchantId }) => merchantId),
      all.map((one) => one.batchId),
    ];
    await client.query(INSERT_SETTLEMENTS, [columns[1], columns[2], String(AMOUNT_MINOR)]);
    await client.query(INSERT_PAYOUTS, [...columns, String(AMOUNT_MINOR)]);
    await client.query('analyze payout.payout');
  } finally {
    await client.end();
  }
  return all;
}

const INSERT_BATCHES = `insert into payout.batch (id, state, maker, checker, file_sha256, execution_date, created_at,
    approved_at, exported_at)
  select id, 'exported', 'Anna', 'Bram', repeat('0', 64), '2026-11-20', now(), now(), now() from unnest($1::text[]) id`;
const INSERT_SETTLEMENTS = `insert into payout.settlement (id, merchant_id, state, currency, amount_minor, close_version,
    from_version, lines_total_minor, created_at, closed_at)
  select id, merchant, 'closed', 'EUR', $3::bigint, 2, 1, $3::bigint, now(), now()
  from unnest($1::text[], $2::text[]) t (id, merchant)`;
const INSERT_PAYOUTS = `insert into payout.payout (id, settlement_id, merchant_id, batch_id, state, amount_minor, currency,
    end_to_end_id, remittance, payee_name_sealed, payee_iban_sealed, payee_iban_last4)
  select id, settlement, merchant, batch, 'exported', $5::bigint, 'EUR', replace(id, '_', '-'), 'Stuiver', '', '', '4300'
  from unnest($1::text[], $2::text[], $3::text[], $4::text[]) t (id, settlement, merchant, batch)`;

/** What the ledger booked before a payout was exported. */
async function approve({ ledger, options }: PayoutBench, told: readonly UnderWay[]): Promise<void> {
  const at = options.clock.now().toISOString();
  const money = { amountMinor: String(AMOUNT_MINOR), currency: 'EUR' } as const;
  const steps: readonly ((one: UnderWay) => LedgerCommand)[] = [
    ({ merchantId }) => ({
      ...{ kind: 'payment', id: newUuid(options.random), effectiveAt: at, merchantId, ...money },
      ...{ orderId: merchantId, attemptId: merchantId, method: 'ideal', feeMinor: '0' },
      ...{ funds: { kind: 'psp', psp: 'stripe', account: null }, pspReference: null },
    }),
    ({ merchantId, settlementId }) => ({
      ...{ kind: 'settlement-close', id: commandIdOf('settlement-close', settlementId) },
      ...{ effectiveAt: at, settlementId, merchantId, currency: 'EUR' },
    }),
    ({ merchantId, payoutId }) => ({
      ...{ kind: 'payout-approve', id: commandIdOf('payout-approve', payoutId), effectiveAt: at },
      ...{ payoutId, merchantId, ...money },
    }),
  ];
  for (const step of steps) {
    for (let from = 0; from < told.length; from += PER_BULK) {
      await submitAll(ledger, told.slice(from, from + PER_BULK).map(step));
    }
  }
}

function statementOf(
  told: readonly UnderWay[],
  { day, iban, at }: { day: string; iban: string; at: Date },
): Uint8Array {
  sequence += 1n;
  const amount = Money.ofMinor(-AMOUNT_MINOR, 'EUR');
  const opening = balance;
  balance = balance.plus(Money.ofMinor(-AMOUNT_MINOR * BigInt(told.length), 'EUR'));
  const xml = writeCamt053({
    ...{ id: `STMT-${day}`, sequence, iban, fromDay: day, toDay: day, createdAt: at },
    ...{ opening, closing: balance },
    entries: told.map(({ payoutId }) => ({
      ...{ reference: null, bankReference: null, amount, bookedOn: day, valuedOn: day },
      ...{ reversal: false, code: null, paymentInformationId: null },
      transactions: [
        {
          ...{ amount, endToEndId: payoutId.replace('_', '-'), instructionId: null },
          ...{ transactionId: null, remittance: 'Stuiver', counterpartyName: 'J. Jansen' },
          ...{ counterpartyIban: 'NL91ABNA0417164300', returnReason: null },
        },
      ],
    })),
  });
  return Buffer.from(xml);
}
