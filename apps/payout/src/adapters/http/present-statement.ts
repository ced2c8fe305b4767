import type { StatementSummary } from '@stuiver/console-api';
import type { KeptStatement } from '../../use-cases/recon-ports.js';

export function presentStatement(statement: KeptStatement, repeated: boolean): StatementSummary {
  return {
    statementId: statement.statementId,
    account: statement.iban,
    sequence: statement.sequence?.toString() ?? '',
    fromDay: statement.fromDay,
    toDay: statement.toDay,
    openingMinor: statement.opening.minor.toString(),
    closingMinor: statement.closing.minor.toString(),
    lines: statement.lineCount,
    importedAt: statement.importedAt.toISOString(),
    repeated,
  };
}
