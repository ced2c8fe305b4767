import type { LineChoices, PayoutSummary } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { matchLine } from '../../domain/matching-rules.js';
import type { LineStore } from '../../use-cases/recon-ports.js';
import { PAYOUT_SUMMARY, type PayoutSummaryRow, toPayoutSummary } from './payout-rows.js';
import { minorOfSearch } from './search-amount.js';

const CHOICES_MAX = 20;
const NO_CHOICES: LineChoices = { problems: [], payouts: [], pspPayouts: [] };

/** What of ours a line of this sign and size may be: a payout at the bank goes out, one that was paid comes back. */
const FITTING_PAYOUTS = `${PAYOUT_SUMMARY} where p.amount_minor = abs($1::bigint) and p.state = any($2)
  and not exists (select 1 from payout.recorded_command c where c.payout_id = p.id and c.to_state = any($3))
  order by p.id desc limit ${CHOICES_MAX}`;
const FITTING_PSP_PAYOUTS = `select y.id, y.amount_minor::text, y.sent_at from payout.psp_payout y
  left join lateral (select count(*) as lines from payout.bank_match m where m.psp_payout_id = y.id) its on true
  where y.amount_minor = abs($1::bigint)
    and case when $1::bigint > 0 then y.failed_by is null and its.lines = 0 else its.lines = 1 end
  order by y.sent_at desc limit ${CHOICES_MAX}`;

/** What finance looks for. */
export class FinanceSearch {
  constructor(
    private readonly database: Database,
    private readonly lines: Pick<LineStore, 'find' | 'candidatesOf'>,
  ) {}

  /**
   * Newest first, those older than `before`.
   *
   * @param page.text  an EndToEndId or its beginning, a merchant, the last four of the account, or an amount.
   */
  async payouts(page: {
    before: string | null;
    state: string | null;
    text: string | null;
    limit: number;
  }): Promise<readonly PayoutSummary[]> {
    const { before, state, text, limit } = page;
    const rows = await this.database.query<PayoutSummaryRow>(
      `${PAYOUT_SUMMARY} where ($1::text is null or p.id < $1) and ($2::text is null or p.state = $2)
         and ($3::text is null or starts_with(p.end_to_end_id, $3) or p.id = $3 or p.merchant_id = $3
           or p.payee_iban_last4 = $3 or p.amount_minor = $4::bigint)
       order by p.id desc limit $5`,
      [before, state, text, text === null ? null : minorOfSearch(text), limit],
    );
    return rows.map(toPayoutSummary);
  }

  /** Undefined when there is no such line. */
  async choices(lineId: string): Promise<LineChoices | undefined> {
    const line = await this.lines.find(lineId);
    if (line === undefined) return undefined;
    if (line.isMatched) return NO_CHOICES;
    if (line.kind === 'opening') return { ...NO_CHOICES, problems: ['opening-balance'] };
    const match = matchLine(line, await this.lines.candidatesOf(line));
    const amount = String(line.amount.minor);
    const isOut = line.amount.minor < 0n;
    const [states, taken] = isOut
      ? [['exported'], ['settled', 'rejected']]
      : [['settled'], ['returned']];
    const payouts = await this.database.query<PayoutSummaryRow>(FITTING_PAYOUTS, [
      amount,
      states,
      taken,
    ]);
    const pspPayouts = await this.database.query<PspPayoutRow>(FITTING_PSP_PAYOUTS, [amount]);
    return {
      problems: match.rule === null ? match.codes : [],
      payouts: payouts.map(toPayoutSummary),
      pspPayouts: pspPayouts.map((row) => ({
        pspPayoutId: row.id,
        amountMinor: row.amount_minor,
        sentAt: row.sent_at.toISOString(),
      })),
    };
  }
}

interface PspPayoutRow {
  readonly id: string;
  readonly amount_minor: string;
  readonly sent_at: Date;
}
