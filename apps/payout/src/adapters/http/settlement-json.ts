import type { SettlementSummary, StatementRow } from '../postgres/settlement-view.js';

/**
 * A statement as a program reads it, in pieces: one JSON object, `lines` last. Amounts are minor units as text, signed
 * as the merchant's account moved; the last `running_total_minor` is the settlement's own amount.
 */
export async function* lineJson(
  settlement: SettlementSummary,
  pages: AsyncIterable<readonly StatementRow[]>,
): AsyncGenerator<string, void, undefined> {
  const { id, closedAt, amount, payoutState, endToEndId, executionDate } = settlement;
  const head = JSON.stringify({
    ...{ settlement_id: id, closed_at: closedAt.toISOString(), currency: amount.currency },
    ...{ amount_minor: String(amount.minor), payout_state: payoutState },
    ...{ end_to_end_id: endToEndId, execution_date: executionDate },
  });
  yield `${head.slice(0, -1)},"lines":[`;
  let comma = '';
  for await (const lines of pages) {
    yield comma + lines.map((line) => JSON.stringify(fieldsOf(line))).join(',');
    comma = ',';
  }
  yield ']}\n';
}

function fieldsOf(line: StatementRow): object {
  return {
    line: line.version,
    booked_at: line.bookedAt.toISOString(),
    type: line.purpose,
    order_no: line.outTradeNo,
    transaction_id: line.transactionId,
    refund_no: line.outRefundNo,
    method: line.method,
    description: line.description,
    ledger_transfer: line.transferSeq,
    amount_minor: String(line.amount.minor),
    running_total_minor: String(line.runningTotal.minor),
  };
}
