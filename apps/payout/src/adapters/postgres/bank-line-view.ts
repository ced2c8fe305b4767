import type { BankLine } from '@stuiver/console-api';
import type { Database } from '@stuiver/postgres';
import { LINE_COLUMNS, type LineRow } from './bank-lines.js';
import type { PostgresStatements } from './bank-statements.js';
import { minorOfSearch } from './search-amount.js';
import { PAYOUT_SUMMARY, type PayoutSummaryRow, toPayoutSummary } from './payout-rows.js';

interface ShownRow extends LineRow {
  readonly rule: string | null;
  readonly rule_version: number | null;
  readonly explanation: string | null;
  readonly person: string | null;
  readonly psp_payout_id: string | null;
  readonly past: BankLine['pastMatches'];
  /** Those that the line paid or returned; more than one when it is a whole batch. */
  readonly payouts: readonly PayoutSummaryRow[] | null;
}

const SHOWN = `select ${LINE_COLUMNS}, m.rule, m.rule_version, m.explanation, m.person, m.psp_payout_id,
    (select json_agg(of_line) from (${PAYOUT_SUMMARY}
       where p.id in (select c.payout_id from payout.recorded_command c where c.bank_line_id = l.id) limit 2) of_line) as payouts,
    (select coalesce(json_agg(json_build_object('rule', a.rule, 'pspPayoutId', a.psp_payout_id, 'by', a.by_name,
       'reason', a.reason, 'unmatchedAt', to_char(a.unmatched_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
       order by a.round desc), '[]') from payout.past_match a where a.bank_line_id = l.id) as past
  from payout.bank_line l left join payout.bank_match m on m.bank_line_id = l.id`;
const LINES_MAX = 5_000;

/** Lines of the bank as finance sees them, with what they are and why. */
export class BankLineView {
  constructor(
    private readonly database: Database,
    private readonly statements: PostgresStatements,
  ) {}

  /**
   * Newest first.
   *
   * @param page.text  an EndToEndId or its beginning, or an amount without its sign.
   */
  async list(page: {
    before: string | null;
    state: string | null;
    text: string | null;
    limit: number;
  }): Promise<readonly BankLine[]> {
    const states = page.state === 'open' ? ['new', 'open'] : [page.state];
    const rows = await this.database.query<ShownRow>(
      `${SHOWN} where ($1::text is null or l.id < $1) and ($2::text is null or l.state = any($3))
         and ($4::text is null or starts_with(l.end_to_end_id, $4) or abs(l.amount_minor) = $5::bigint)
       order by l.id desc limit $6`,
      [
        ...[page.before, page.state, states, page.text],
        ...[page.text === null ? null : minorOfSearch(page.text), page.limit],
      ],
    );
    return this.shown(rows);
  }

  async find(id: string): Promise<BankLine | undefined> {
    const [line] = await this.shown(
      await this.database.query<ShownRow>(`${SHOWN} where l.id = $1`, [id]),
    );
    return line;
  }

  /** In the bank's order. */
  async ofStatement(statementId: string): Promise<readonly BankLine[]> {
    const sql = `${SHOWN} where l.statement_id = $1 and l.kind = 'entry' order by l.no limit ${LINES_MAX}`;
    return this.shown(await this.database.query<ShownRow>(sql, [statementId]));
  }

  private shown(rows: readonly ShownRow[]): Promise<BankLine[]> {
    return Promise.all(rows.map((row) => this.toLine(row)));
  }

  private async toLine(row: ShownRow): Promise<BankLine> {
    const details = await this.statements.open(row.id, row.details_sealed);
    const [payout, second] = row.payouts ?? [];
    const by = row.person === null ? '' : ` (${row.person})`;
    return {
      bankLineId: row.id,
      statementId: row.statement_id,
      bookedOn: row.booked_day,
      amountMinor: row.amount_minor,
      currency: 'EUR',
      endToEndId: row.end_to_end_id,
      remittance: details.remittance,
      counterparty: details.counterpartyName ?? details.counterpartyIban,
      returnReason: row.return_reason,
      matchState: row.state === 'matched' ? 'matched' : 'open',
      rule: row.rule === null ? null : `${row.rule} v${String(row.rule_version)}`,
      explanation: row.explanation === null ? row.problem : `${row.explanation}${by}`,
      payout: payout === undefined || second !== undefined ? null : toPayoutSummary(payout),
      pspPayoutId: row.psp_payout_id,
      pastMatches: row.past,
    };
  }
}
