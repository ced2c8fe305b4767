import {
  type EventData,
  type LedgerPort,
  paymentCommand,
  type StatementLine,
} from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { newId, newUuid } from '@stuiver/ids';
import { recordFacts } from '../adapters/events/record-facts.js';
import { lineCsv } from '../adapters/http/settlement-csv.js';
import type { PayoutParts } from '../assemble.js';
import type { PayoutBench } from './payout-bench.js';
import { measured } from './measured.js';

const COMMANDS_PER_BULK = 500;
const LINES_PER_PAGE = 1_000;
/** A payment with a fee is two lines of the merchant's account. */
const LINES_PER_ORDER = 2;

/** One merchant's orders: the ledger's lines taken in, the settlement closed, the statement exported. */
export async function measureSettlement(
  bench: PayoutBench,
  parts: PayoutParts,
  { orders, merchantId }: { orders: number; merchantId: string },
): Promise<void> {
  const { ledger, print, database, bus } = bench;
  await pay(bench, { orders, merchantId });
  recordFacts({ bus, database });
  const n = orders * LINES_PER_ORDER;
  const taken = await measured({ name: 'payout.lines.taken', n }, () =>
    takeLines(bench, merchantId),
  );
  print(taken.line);
  bus.subscribers.length = 0;
  await nameOrders(bench, merchantId);
  const closed = await measured({ name: 'payout.settlement.close', n }, () =>
    parts.close.begin(merchantId),
  );
  const { id, state } = closed.result;
  invariant(state === 'closed', `the settlement of ${orders} orders is ${state}`);
  print(closed.line);
  const exported = await measured({ name: 'payout.statement.csv', n }, () =>
    exportCsv(parts, merchantId, id),
  );
  invariant(exported.result === n, `the statement has ${exported.result} lines`);
  print(exported.line);
  const { balanceMinor } = (await ledger.account(`merchant:${merchantId}:pending`)) ?? {};
  invariant(balanceMinor === '0', 'all of it is settled');
}

async function pay(
  { ledger, options }: PayoutBench,
  { orders, merchantId }: { orders: number; merchantId: string },
): Promise<void> {
  const { random, clock } = options;
  for (let from = 0; from < orders; from += COMMANDS_PER_BULK) {
    const count = Math.min(COMMANDS_PER_BULK, orders - from);
    const commands = Array.from({ length: count }, () =>
      paymentCommand({
        ...{ orderId: newId('Order', clock.now(), random), attemptId: newUuid(random), merchantId },
        funds: { kind: 'psp', psp: 'stripe', account: null },
        ...{ method: 'ideal', amountMinor: '1250', feeMinor: '29', currency: 'EUR' },
        ...{ pspReference: null, succeededAt: clock.now().toISOString() },
      }),
    );
    await submitAll(ledger, commands);
  }
}

/** @throws InvariantBroken unless every one is posted. */
export async function submitAll(
  ledger: LedgerPort,
  commands: Parameters<LedgerPort['submitAll']>[0],
): Promise<void> {
  const answers = await ledger.submitAll(commands);
  const other = answers.find((answer) => !('outcome' in answer) || answer.outcome !== 'posted');
  invariant(other === undefined, `the ledger answered ${JSON.stringify(other)}`);
}

async function takeLines({ ledger, bus }: PayoutBench, merchantId: string): Promise<void> {
  const account = `merchant:${merchantId}:pending`;
  let afterVersion = '0';
  for (;;) {
    const page = await ledger.statement(account, { afterVersion, limit: LINES_PER_PAGE });
    for (const line of page) await hear(bus, postedOf(line, { account, merchantId }));
    const last = page.at(-1);
    if (last === undefined) return;
    afterVersion = last.version;
  }
}

async function hear(
  { subscribers }: PayoutBench['bus'],
  data: EventData<'ledger.transfer-posted.v1'>,
): Promise<void> {
  for (const subscriber of subscribers) {
    if (!subscriber.types.includes('ledger.transfer-posted.v1')) continue;
    await subscriber.handle({
      ...{ specversion: '1.0', id: `${data.account} ${data.version}`, source: '/stuiver/ledger' },
      ...{ type: 'ledger.transfer-posted.v1', subject: data.owner, time: data.bookedAt },
      ...{ datacontenttype: 'application/json', data },
    });
  }
}

function postedOf(
  line: StatementLine,
  { account, merchantId }: { account: string; merchantId: string },
): EventData<'ledger.transfer-posted.v1'> {
  const { seq, side, version, purpose, amountMinor, balanceAfterMinor, counterAccount } = line;
  const { commandId, commandKind, effectiveAt, bookedAt } = line;
  return {
    ...{ seq, owner: `merchant:${merchantId}`, account, side, version, purpose, amountMinor },
    ...{ balanceAfterMinor, currency: 'EUR', counterAccount, commandId, commandKind },
    // The account's lines do not tell of which order they are; one of its own for each payment does as well.
    ...{ orderId: `ord_${commandId}`, attemptId: null, refundId: null, settlementId: null },
    ...{ payoutId: null, effectiveAt, bookedAt },
  };
}

/** What Order tells of each payment, put there at once: it is not what is measured. */
async function nameOrders({ database }: PayoutBench, merchantId: string): Promise<void> {
  await database.query(
    `insert into payout.order_reference (order_id, merchant_id, out_trade_no, transaction_id, description, method)
     select distinct order_id, merchant_id, 'shop' || right(order_id, 20), '42' || right(order_id, 20), 'Koffie', 'ideal'
     from payout.pending_line where merchant_id = $1 on conflict (order_id) do nothing`,
    [merchantId],
  );
}

/** @returns how many lines the file has below its header. */
async function exportCsv(parts: PayoutParts, merchantId: string, id: string): Promise<number> {
  const settlement = await parts.view.find(merchantId, id);
  invariant(settlement !== undefined, 'a settlement that was closed is there');
  let lines = -1;
  for await (const piece of lineCsv(settlement, parts.view.pages(merchantId, id))) {
    lines += piece.split('\r\n').length - 1;
  }
  return lines;
}
