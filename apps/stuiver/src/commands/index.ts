import { AUDIT_COMMANDS } from './audit.js';
import { BANK_COMMANDS } from './bank.js';
import { benchCommand } from './bench.js';
import { BUS_COMMANDS } from './bus.js';
import type { Command } from './command.js';
import { doctorCommand } from './doctor.js';
import { feeInvoiceCommand } from './fee-invoice.js';
import { ledgerCloseCommand } from './ledger-close.js';
import { LEDGER_JOURNAL_COMMANDS } from './ledger-journal.js';
import { LEDGER_READ_COMMANDS } from './ledger-balance.js';
import { PROOF_COMMANDS } from './ledger-receipt.js';
import { ledgerVerifyCommand } from './ledger-verify.js';
import { merchantCreateCommand } from './merchant-create.js';
import { migrateCommand, roleUrlCommand } from './migrate.js';
import { notifyReplayCommand } from './notify-replay.js';
import { payoutRunCommand } from './payout-run.js';
import { PRICE_LIST_COMMANDS } from './price-list.js';
import { personEraseCommand } from './person-erase.js';
import { prepareCommand } from './prepare.js';
import { seedCommand } from './seed.js';
import { reconcileImportCommand } from './reconcile-import.js';
import { reconcileStatusCommand } from './reconcile-status.js';
import { sandboxCommand } from './sandbox.js';
import { simulateCommand } from './simulate.js';
import { staffCreateCommand } from './staff-create.js';
import { staffRemoveCommand } from './staff-remove.js';
import { startCommand } from './start.js';
import { webCommand } from './web.js';

export const COMMANDS: readonly Command[] = [
  startCommand,
  doctorCommand,
  migrateCommand,
  roleUrlCommand,
  prepareCommand,
  seedCommand,
  webCommand,
  merchantCreateCommand,
  staffCreateCommand,
  staffRemoveCommand,
  personEraseCommand,
  ...PRICE_LIST_COMMANDS,
  feeInvoiceCommand,
  ...LEDGER_READ_COMMANDS,
  ledgerCloseCommand,
  ledgerVerifyCommand,
  ...PROOF_COMMANDS,
  ...LEDGER_JOURNAL_COMMANDS,
  payoutRunCommand,
  sandboxCommand,
  ...BANK_COMMANDS,
  reconcileImportCommand,
  reconcileStatusCommand,
  notifyReplayCommand,
  ...BUS_COMMANDS,
  ...AUDIT_COMMANDS,
  benchCommand,
  simulateCommand,
];

export const USAGE = `usage: stuiver <command>\n\n${COMMANDS.map(
  ({ words, usage }) => `  ${words.join(' ').padEnd(18)} ${usage}\n`,
).join('')}`;
