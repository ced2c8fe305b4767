import type { EventBus, Subscription } from '@stuiver/bus';
import { type EventData, type StuiverEvent, TOPICS } from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import type { Database } from '@stuiver/postgres';

const PENDING_ACCOUNT = /^merchant:([^:]+):pending$/;

/** Writes down what other services told. Each fact has a natural key, so hearing it twice changes nothing. */
export function recordFacts(options: { bus: EventBus; database: Database }): Subscription[] {
  const { bus, database } = options;
  return [
    bus.subscribe({
      consumer: 'payout.lines',
      topic: TOPICS.ledger,
      types: ['ledger.transfer-posted.v1'],
      handle: async (event) => {
        if (event.type !== 'ledger.transfer-posted.v1') return;
        await recordLine(database, event.data);
      },
    }),
    bus.subscribe({
      consumer: 'payout.references',
      topic: TOPICS.order,
      types: ['order.paid.v1', 'refund.requested.v1'],
      handle: (event) => recordReference(database, event),
    }),
  ];
}

async function recordLine(
  database: Database,
  line: EventData<'ledger.transfer-posted.v1'>,
): Promise<void> {
  const merchantId = PENDING_ACCOUNT.exec(line.account)?.[1];
  if (merchantId === undefined) return;
  const inserted = await database.query<{ version: string }>(
    `insert into payout.pending_line
       (merchant_id, version, side, amount_minor, currency, purpose, transfer_seq, order_id, refund_id, booked_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (merchant_id, version) do nothing returning version`,
    [
      merchantId,
      line.version,
      line.side,
      line.amountMinor,
      line.currency,
      line.purpose,
      line.seq,
      line.orderId,
      line.refundId,
      line.bookedAt,
    ],
  );
  if (inserted.length === 0) await sameLineIsHere(database, merchantId, line);
}

/** A version heard twice is the same booking, or the ledger's count cannot be trusted any more. */
async function sameLineIsHere(
  database: Database,
  merchantId: string,
  line: EventData<'ledger.transfer-posted.v1'>,
): Promise<void> {
  const [known] = await database.query<{ transfer_seq: string }>(
    'select transfer_seq from payout.pending_line where merchant_id = $1 and version = $2',
    [merchantId, line.version],
  );
  invariant(known?.transfer_seq === line.seq, 'an account’s version is one transfer');
}

async function recordReference(database: Database, event: StuiverEvent): Promise<void> {
  if (event.type === 'order.paid.v1') {
    const { orderId, merchantId, outTradeNo, transactionId, description, method } = event.data;
    await database.query(
      `insert into payout.order_reference (order_id, merchant_id, out_trade_no, transaction_id, description, method)
       values ($1, $2, $3, $4, $5, $6) on conflict (order_id) do nothing`,
      [orderId, merchantId, outTradeNo, transactionId, description, method],
    );
  }
  if (event.type === 'refund.requested.v1') {
    const { refundId, orderId, outRefundNo } = event.data;
    await database.query(
      `insert into payout.refund_reference (refund_id, order_id, out_refund_no) values ($1, $2, $3) on conflict (refund_id) do nothing`,
      [refundId, orderId, outRefundNo],
    );
  }
}
