import type { NextPayout } from '@stuiver/console-api';
import { Money } from '@stuiver/money';
import type { Database } from '@stuiver/postgres';
import { nextTurn, whyNotSettled } from '../../domain/settlement-terms.js';
import { amsterdamDay, type Day, nextCutOff } from '../../domain/t2-calendar.js';
import { presentTerms } from '../http/present-terms.js';
import type { PostgresSettlementTerms } from './settlement-terms.js';

interface PartRow {
  readonly purpose: string;
  readonly count: number;
  readonly amount_minor: string;
  readonly oldest_day: Day;
}
interface SumRow {
  readonly settled_day: Day | null;
  readonly closed_count: number;
  readonly closed_minor: string;
  readonly way_count: number;
  readonly way_minor: string;
  readonly iban_last4: string | null;
  readonly sent_back_code: string | null;
}

/** What came since the last close; the close itself is no line of anything. */
const PARTS = `select purpose, count(*)::int as count,
    sum(case side when 'credit' then amount_minor else -amount_minor end)::text as amount_minor,
    (min(booked_at) at time zone 'Europe/Amsterdam')::date::text as oldest_day
  from payout.pending_line where merchant_id = $1 and settlement_id is null and purpose <> 'close'
  group by purpose order by purpose`;
const SUMS = `select
    (select (max(c.created_at) at time zone 'Europe/Amsterdam')::date::text from payout.settlement c
      where c.merchant_id = $1 and c.state <> 'empty') as settled_day,
    count(*) filter (where live.id is null)::int as closed_count,
    coalesce(sum(s.amount_minor) filter (where live.id is null), 0)::text as closed_minor,
    count(*) filter (where live.state in ('prepared', 'approved', 'exported'))::int as way_count,
    coalesce(sum(s.amount_minor) filter (where live.state in ('prepared', 'approved', 'exported')), 0)::text as way_minor,
    (select iban_last4 from payout.payee where merchant_id = $1) as iban_last4,
    (select b.reason_code from payout.payout b join payout.payee y on y.merchant_id = b.merchant_id
       where b.merchant_id = $1 and b.state in ('rejected', 'returned') and b.ended_at > y.confirmed_at
       order by b.ended_at desc limit 1) as sent_back_code
  from payout.settlement s
  left join payout.payout live on live.settlement_id = s.id and live.state not in ('refused', 'rejected', 'returned')
  where s.merchant_id = $1 and s.state = 'closed' and (live.state is null or live.state <> 'settled')`;

/** What a merchant is paid next, and what it is made of. */
export class NextPayouts {
  constructor(
    private readonly database: Database,
    private readonly terms: PostgresSettlementTerms,
  ) {}

  async of(merchantId: string, at: Date): Promise<NextPayout> {
    const kept = await this.terms.of(merchantId);
    const today = amsterdamDay(at);
    const cutOff = nextCutOff(at);
    const parts = await this.database.query<PartRow>(PARTS, [merchantId]);
    const [sums] = await this.database.query<SumRow>(SUMS, [merchantId]);
    if (sums === undefined) throw new RangeError('an aggregate without groups gives one row');
    const open = parts.reduce((sum, part) => sum + BigInt(part.amount_minor), 0n);
    const [oldestDay = today] = parts.map((part) => part.oldest_day).toSorted();
    const account = { open: Money.ofMinor(open, 'EUR'), oldestDay, settledDay: sums.settled_day };
    const why = parts.length === 0 ? undefined : whyNotSettled(kept.terms, account, today);
    return {
      terms: presentTerms(kept),
      notSettled: why ?? null,
      nextTurn: nextTurn(kept.terms, today),
      nextCutOffAt: cutOff.at.toISOString(),
      nextBusinessDay: cutOff.day,
      parts: parts.map((part) => ({
        purpose: part.purpose,
        count: part.count,
        amountMinor: part.amount_minor,
      })),
      openMinor: String(open),
      closed: { count: sums.closed_count, sumMinor: sums.closed_minor },
      underWay: { count: sums.way_count, sumMinor: sums.way_minor },
      sumMinor: String(open + BigInt(sums.closed_minor)),
      sentBackCode: sums.sent_back_code,
      ibanLast4: sums.iban_last4,
    };
  }
}
