import type { TieOut } from '@stuiver/console-api';
import { differenceOf } from '../../use-cases/tie-out.js';
import type { TieOutResult } from '../../use-cases/recon-ports.js';

export function presentTieOut(result: TieOutResult): TieOut {
  return {
    at: result.at.toISOString(),
    explained: result.explained,
    rows: result.rows.map((row) => ({
      name: row.name,
      outside: { label: row.outside.label, amountMinor: row.outside.amount.minor.toString() },
      ledger: { account: row.ledger.account, amountMinor: row.ledger.amount.minor.toString() },
      differenceMinor: differenceOf(row).minor.toString(),
      explainedMinor: row.explained.minor.toString(),
    })),
  };
}
