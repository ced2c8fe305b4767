import type { PostgresAuditTrail } from '@stuiver/audit';
import type { Outbox } from '@stuiver/bus';
import { Loop } from '@stuiver/bus';
import { invariant } from '@stuiver/errors';
import { readCamt053, readPain002 } from '@stuiver/iso20022';
import { PostgresBankAnswers } from './adapters/postgres/bank-answers.js';
import { PostgresLines } from './adapters/postgres/bank-lines.js';
import { PostgresStatements } from './adapters/postgres/bank-statements.js';
import { PostgresConnectedAccounts } from './adapters/postgres/connected-accounts.js';
import { ItemDesk } from './adapters/postgres/item-desk.js';
import { PostgresMatchHistory } from './adapters/postgres/match-history.js';
import { PostgresOpenItems } from './adapters/postgres/open-items.js';
import { PostgresPspAccount, PostgresPspRequests } from './adapters/postgres/psp-account.js';
import { PostgresWriteOffs } from './adapters/postgres/write-offs.js';
import { PostgresCommandBook } from './adapters/postgres/recorded-commands.js';
import type { PayoutOptions } from './options.js';
import { AskWriteOff } from './use-cases/ask-write-off.js';
import { BookRecorded } from './use-cases/book-recorded.js';
import { DecideWriteOff } from './use-cases/decide-write-off.js';
import { FollowMerchantAccounts } from './use-cases/follow-merchant-accounts.js';
import { ImportBankAnswer } from './use-cases/import-bank-answer.js';
import { ImportPspTransactions } from './use-cases/import-psp-transactions.js';
import { ImportStatement } from './use-cases/import-statement.js';
import { MatchBankLines } from './use-cases/match-bank-lines.js';
import { MerchantsHeld } from './use-cases/merchants-held.js';
import { UnmatchBankLine } from './use-cases/unmatch-bank-line.js';
import { PlaceBankLine } from './use-cases/place-bank-line.js';
import { PspPayOut } from './use-cases/psp-pay-out.js';
import { Reconcile } from './use-cases/reconcile.js';
import { RejectPayout } from './use-cases/reject-payout.js';
import { TakePspMessage } from './use-cases/take-psp-message.js';
import { TieOut } from './use-cases/tie-out.js';

export interface ReconciliationParts {
  readonly importStatement: ImportStatement;
  readonly importAnswer: ImportBankAnswer;
  readonly place: PlaceBankLine;
  readonly unmatch: UnmatchBankLine;
  readonly reject: RejectPayout;
  readonly writeOffs: WriteOffParts;
  readonly reconcile: Reconcile;
  readonly tieOut: TieOut;
  /** Undefined when no PSP is connected. */
  readonly psp: { readonly payOut: PspPayOut; readonly takeMessage: TakePspMessage } | undefined;
  readonly statements: PostgresStatements;
  readonly lines: PostgresLines;
  readonly items: PostgresOpenItems;
  readonly desk: ItemDesk;
  readonly loop: Loop;
}

export interface WriteOffParts {
  readonly ask: AskWriteOff;
  readonly decide: DecideWriteOff;
  readonly kept: PostgresWriteOffs;
}

const EVERY_MS = 15_000;

/** What comes after the bank's file: statements, the PSP's account, and whether all of it adds up. */
export function assembleReconciliation(
  options: PayoutOptions,
  outbox: Outbox,
  trail: PostgresAuditTrail,
): ReconciliationParts {
  const { database, ledger, keys, clock, random, log, crash } = options;
  const statements = new PostgresStatements(database, keys, trail);
  const lines = new PostgresLines(database, statements, trail);
  const items = new PostgresOpenItems(database, random, trail);
  const pspStore = new PostgresPspAccount(database);
  const commands = new PostgresCommandBook(database, outbox, trail);
  const book = new BookRecorded(commands, ledger, { clock, crash, log });
  const match = new MatchBankLines(lines, { clock, crash, log });
  const wake = (): void => {
    loop.wake();
  };
  const kept = new PostgresWriteOffs(database, trail);
  const writeOffs = {
    ...{ kept, ask: new AskWriteOff(kept, options) },
    decide: new DecideWriteOff(kept, { clock, crash, wake }),
  };
  const psp = pspParts(options, { store: pspStore, trail, wake });
  const merchants = merchantsOf(options);
  const steps = { match, book, psp: psp?.steps, merchants: merchants?.follow };
  const reconcile = new Reconcile(steps, items, clock);
  const tieOut = new TieOut({ items, psp: pspStore, results: items }, ledger, {
    ...{ psp: options.pspAccount, merchants: merchants?.held, clock, log },
    catchUp: () => reconcile.catchUp(),
  });
  const loop = new Loop({
    name: 'payout reconcile',
    everyMs: EVERY_MS,
    log,
    turn: async () => {
      await reconcile.run();
      await tieOut.runDue();
      return 'idle';
    },
  });
  return {
    importStatement: new ImportStatement(statements, items, {
      ...{ read: readCamt053, iban: options.debtor.iban, clock, random, crash, wake },
    }),
    importAnswer: new ImportBankAnswer(
      new PostgresBankAnswers(database, { keys, random, trail }),
      book,
      {
        ...{ read: readPain002, clock, crash, wake },
      },
    ),
    place: new PlaceBankLine(lines, { clock, crash, wake }),
    unmatch: new UnmatchBankLine(lines, new PostgresMatchHistory(database, trail), {
      ...{ clock, crash, wake },
    }),
    reject: new RejectPayout(commands, book, { clock, crash }),
    ...{ reconcile, tieOut, statements, lines, items, loop, writeOffs },
    desk: new ItemDesk(database, clock, trail),
    psp: psp?.doors,
  };
}

/** @throws InvariantBroken when the PSP is to hold the money and nobody says where its accounts are. */
function merchantsOf(options: PayoutOptions) {
  const { moneyMode, merchantAccounts: psp, database, ledger, clock, crash } = options;
  if (moneyMode !== 'psp-held') return undefined;
  invariant(psp !== undefined, 'psp-held follows the merchants’ accounts');
  const store = new PostgresConnectedAccounts(database);
  return {
    follow: new FollowMerchantAccounts(store, psp, { clock, crash }),
    held: new MerchantsHeld(psp, ledger, clock),
  };
}

function pspParts(
  { pspAccount, database, ledger, keys, clock, random, crash }: PayoutOptions,
  {
    store,
    trail,
    wake,
  }: { store: PostgresPspAccount; trail: PostgresAuditTrail; wake: () => void },
) {
  if (pspAccount === undefined) return undefined;
  const requests = new PostgresPspRequests(database, trail);
  const payOut = new PspPayOut(requests, pspAccount, { clock, random, crash, wake });
  const transactions = new ImportPspTransactions(store, pspAccount, ledger, { clock, crash });
  const takeMessage = new TakePspMessage(pspAccount, store, keys, { clock, crash, wake });
  return { steps: { transactions, payOut }, doors: { payOut, takeMessage } };
}
