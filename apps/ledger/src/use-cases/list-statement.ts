import { Refusal } from '@stuiver/errors';
import type { StatementLine } from '@stuiver/contracts';
import { placementOf } from '../domain/chart-of-accounts.js';
import type { LedgerReads, StatementPage } from './ledger-reads.js';

const STATEMENT_LINES_MAX = 1_000;
/** A version is a bigint in the books. */
export const VERSION_TEXT = /^(0|[1-9]\d{0,17})$/;

/** An account's lines in the order of their versions, which count without a gap. */
export class ListStatement {
  constructor(private readonly reads: LedgerReads) {}

  /** @throws Refusal PARAM_ERROR */
  async run(code: string, page: StatementPage): Promise<readonly StatementLine[]> {
    if (!VERSION_TEXT.test(page.afterVersion)) {
      throw new Refusal('PARAM_ERROR', {
        field: 'afterVersion',
        rule: 'must be a version number',
        value: page.afterVersion,
      });
    }
    if (!Number.isInteger(page.limit) || page.limit < 1 || page.limit > STATEMENT_LINES_MAX) {
      throw new Refusal('PARAM_ERROR', {
        field: 'limit',
        rule: `must be 1 to ${String(STATEMENT_LINES_MAX)}`,
        value: String(page.limit),
      });
    }
    return placementOf(code) === undefined ? [] : this.reads.statement(code, page);
  }
}
