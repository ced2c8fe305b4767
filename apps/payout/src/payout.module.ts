import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { AgreementModule } from '@stuiver/agreement';
import { OPERATOR_TOKEN } from '@stuiver/http';
import { staffProviders } from '@stuiver/staff';
import {
  AUDIT_DATABASE,
  ConsoleAuditController,
} from './adapters/http/console-audit.controller.js';
import { ConsoleBankController } from './adapters/http/console-bank.controller.js';
import {
  CONSOLE_TOOLS,
  ConsoleBatchesController,
  type ConsoleTools,
} from './adapters/http/console-batches.controller.js';
import { BatchApprovals } from './adapters/http/batch-approvals.js';
import { ConsoleMonthsController, MONTH_ENDS } from './adapters/http/console-months.controller.js';
import { ConsoleItemsController } from './adapters/http/console-items.controller.js';
import {
  ConsoleFinanceController,
  PSP_PAY_OUT,
} from './adapters/http/console-finance.controller.js';
import { ConsolePayeesController } from './adapters/http/console-payees.controller.js';
import { ConsoleTermsController } from './adapters/http/console-terms.controller.js';
import { ConsoleSettlementsController } from './adapters/http/console-settlements.controller.js';
import { ConsoleWriteOffsController } from './adapters/http/console-write-offs.controller.js';
import { MerchantPayeeController } from './adapters/http/merchant-payee.controller.js';
import {
  MerchantPagesController,
  OFFERS_PAYOUT_BUTTON,
} from './adapters/http/merchant-pages.controller.js';
import { OperatorPayoutsController } from './adapters/http/operator-payouts.controller.js';
import { OperatorReconciliationController } from './adapters/http/operator-reconciliation.controller.js';
import { PspPayoutWebhookController } from './adapters/http/psp-payout-webhook.controller.js';
import { SettlementStyleController } from './adapters/http/settlement-style.controller.js';
import { BankLineView } from './adapters/postgres/bank-line-view.js';
import { PostgresStatements } from './adapters/postgres/bank-statements.js';
import { ConsoleSettlements } from './adapters/postgres/console-settlements.js';
import { NextPayouts } from './adapters/postgres/next-payout.js';
import { PostgresSettlementTerms } from './adapters/postgres/settlement-terms.js';
import { FinanceSearch } from './adapters/postgres/finance-search.js';
import { FinanceView } from './adapters/postgres/finance-view.js';
import { ItemDesk } from './adapters/postgres/item-desk.js';
import { PostgresOpenItems } from './adapters/postgres/open-items.js';
import { PayeeView } from './adapters/postgres/payee-view.js';
import { PostgresWriteOffs } from './adapters/postgres/write-offs.js';
import { PAYOUT_KINDS, PayoutsSaid } from './adapters/postgres/payouts-said.js';
import { PostgresPayouts } from './adapters/postgres/payouts.js';
import { SettlementView } from './adapters/postgres/settlement-view.js';
import { assemblePayout, type PayoutParts } from './assemble.js';
import type { PayoutOptions } from './options.js';
import { ApproveBatch } from './use-cases/approve-batch.js';
import { AskPayeeChange } from './use-cases/ask-payee-change.js';
import { AskWriteOff } from './use-cases/ask-write-off.js';
import { DecideWriteOff } from './use-cases/decide-write-off.js';
import { DecidePayeeChange } from './use-cases/decide-payee-change.js';
import { DiscardBatch } from './use-cases/discard-batch.js';
import { ExportBatch } from './use-cases/export-batch.js';
import { ImportBankAnswer } from './use-cases/import-bank-answer.js';
import { ImportStatement } from './use-cases/import-statement.js';
import { KeepPayee } from './use-cases/keep-payee.js';
import { MerchantAccess } from './use-cases/merchant-access.js';
import { PlaceBankLine } from './use-cases/place-bank-line.js';
import { PrepareBatch } from './use-cases/prepare-batch.js';
import { RejectPayout } from './use-cases/reject-payout.js';
import { RunPayouts } from './use-cases/run-payouts.js';
import { TakePspMessage } from './use-cases/take-psp-message.js';
import { UnmatchBankLine } from './use-cases/unmatch-bank-line.js';
import { TieOut } from './use-cases/tie-out.js';

const PARTS = Symbol('PAYOUT_PARTS');

/** Settlements, payouts and their pages. */
@Module({})
export class PayoutModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(PARTS) private readonly parts: PayoutParts) {}

  static with(options: PayoutOptions): DynamicModule {
    const parts = assemblePayout(options);
    const { psp } = parts.recon;
    return {
      module: PayoutModule,
      imports: agreementOf(options),
      controllers: [
        OperatorPayoutsController,
        OperatorReconciliationController,
        MerchantPagesController,
        SettlementStyleController,
        ...(options.staff === undefined ? [] : CONSOLE),
        ...(psp === undefined ? [] : [PspPayoutWebhookController]),
      ],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: OPERATOR_TOKEN, useValue: options.operatorToken },
        { provide: OFFERS_PAYOUT_BUTTON, useValue: options.sandbox && parts.prepare.isOffered },
        { provide: RunPayouts, useValue: parts.run },
        { provide: PrepareBatch, useValue: parts.prepare },
        { provide: DiscardBatch, useValue: parts.discard },
        { provide: ApproveBatch, useValue: parts.approve },
        { provide: ExportBatch, useValue: parts.export },
        { provide: KeepPayee, useValue: parts.keepPayee },
        { provide: AskPayeeChange, useValue: parts.payeeChanges.ask },
        { provide: DecidePayeeChange, useValue: parts.payeeChanges.decide },
        { provide: PayeeView, useValue: parts.payeeChanges.view },
        { provide: MerchantAccess, useValue: parts.access },
        { provide: PostgresPayouts, useValue: parts.payouts },
        { provide: SettlementView, useValue: parts.view },
        ...reconciliationProviders(options, parts),
        ...(options.staff === undefined ? [] : staffProviders(options.staff)),
        ...(psp === undefined ? [] : [{ provide: TakePspMessage, useValue: psp.takeMessage }]),
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.parts.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.parts.stop();
  }
}

function agreementOf(options: PayoutOptions): DynamicModule[] {
  const { bookings, database, clock, random, log, metrics, operatorToken } = options;
  if (bookings === undefined) return [];
  const said = new PayoutsSaid(database);
  return [
    AgreementModule.with({
      ...{ service: 'payout', said, kinds: PAYOUT_KINDS, bookings, database },
      ...{ clock, random, log, metrics, operatorToken },
    }),
  ];
}

/** Behind staff sign-in. */
const CONSOLE = [
  ConsoleBatchesController,
  ConsoleBankController,
  ConsoleFinanceController,
  ConsoleItemsController,
  ConsoleMonthsController,
  ConsoleSettlementsController,
  ConsoleTermsController,
  ConsolePayeesController,
  ConsoleWriteOffsController,
  MerchantPayeeController,
  ConsoleAuditController,
];

function reconciliationProviders(options: PayoutOptions, parts: PayoutParts): Provider[] {
  const { recon, payouts, funds, prefund } = parts;
  const { database, clock, ledger } = options;
  const approvals = new BatchApprovals(payouts, funds, clock);
  const tools: ConsoleTools = { clock, ledger, prefund, approvals };
  return [
    { provide: ImportStatement, useValue: recon.importStatement },
    { provide: ImportBankAnswer, useValue: recon.importAnswer },
    { provide: PlaceBankLine, useValue: recon.place },
    { provide: UnmatchBankLine, useValue: recon.unmatch },
    { provide: PostgresWriteOffs, useValue: recon.writeOffs.kept },
    { provide: AskWriteOff, useValue: recon.writeOffs.ask },
    { provide: DecideWriteOff, useValue: recon.writeOffs.decide },
    { provide: RejectPayout, useValue: recon.reject },
    { provide: TieOut, useValue: recon.tieOut },
    { provide: PostgresStatements, useValue: recon.statements },
    { provide: PostgresOpenItems, useValue: recon.items },
    { provide: ItemDesk, useValue: recon.desk },
    { provide: PSP_PAY_OUT, useValue: recon.psp?.payOut ?? null },
    { provide: BankLineView, useValue: new BankLineView(database, recon.statements) },
    { provide: FinanceView, useValue: new FinanceView(database) },
    { provide: FinanceSearch, useValue: new FinanceSearch(database, recon.lines) },
    { provide: NextPayouts, useValue: new NextPayouts(database, parts.terms) },
    { provide: PostgresSettlementTerms, useValue: parts.terms },
    { provide: ConsoleSettlements, useValue: new ConsoleSettlements(database) },
    { provide: CONSOLE_TOOLS, useValue: tools },
    { provide: MONTH_ENDS, useValue: parts.months },
    { provide: AUDIT_DATABASE, useValue: database },
  ];
}
