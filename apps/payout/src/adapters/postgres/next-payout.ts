import type { NextPayout } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';

interface PartRow {
  readonly purpose: string;
  readonly count: number;
  readonly amount_minor: string;
}
interface SumRow {
  readonly closed_count: number;
  readonly closed_minor: string;
  readonly way_count: number;
  readonly way_minor: string;
  readonly iban_last4: string | null;
  readonly sent_back_code: string | null;
}

/** What came since the last close; the close itself is no line of anything. */
const PARTS = `select purpose, count(*)::int as count,
    sum(case side when 'credit' then amount_minor else -amount_minor end)::text as amount_minor
  from payout.pending_line where merchant_id = $1 and settlement_id is null and purpose <> 'close'
  group by purpose order by purpose`;
const SUMS = `select
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
  constructor(private readonly database: Database) {}

  async of(merchantId: string): Promise<Omit<NextPayout, 'nextCutOffAt' | 'nextBusinessDay'>> {
    const parts = await this.database.query<PartRow>(PARTS, [merchantId]);
    const [sums] = await this.database.query<SumRow>(SUMS, [merchantId]);
    if (sums === undefined) throw new RangeError('an aggregate without groups gives one row');
    const open = parts.reduce((sum, part) => sum + BigInt(part.amount_minor), 0n);
    return {
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
