import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type Type,
} from '@nestjs/common';
import { OPERATOR_TOKEN } from '@stuiver/http';
import { BooksController } from './adapters/http/books.controller.js';
import { BookingsController } from './adapters/http/bookings.controller.js';
import {
  LEDGER_CREDENTIALS,
  LedgerCallerGuard,
  type LedgerCredentials,
} from './adapters/http/ledger-callers.js';
import { LEDGER_PORT, LedgerPortController } from './adapters/http/ledger-port.controller.js';
import { ListStatementController } from './adapters/http/list-statement.controller.js';
import {
  PassedOnController,
  PEER_SECRET,
  TAKE_PASSED_ON,
} from './adapters/http/passed-on.controller.js';
import { SubmitBulkController } from './adapters/http/submit-bulk.controller.js';
import { SubmitCommandRoute } from './adapters/http/submit-command.route.js';
import { TakeTrialBalanceController } from './adapters/http/take-trial-balance.controller.js';
import { ViewAccountController } from './adapters/http/view-account.controller.js';
import type { Ledger } from './create-ledger.js';
import { LOOKUP_CONTROLLERS, lookupProviders } from './lookups.module-parts.js';
import { PROOF_CONTROLLERS, proofProviders, RECEIPT_CONTROLLERS } from './proofs.module-parts.js';
import { ListStatement } from './use-cases/list-statement.js';
import { TakeTrialBalance } from './use-cases/take-trial-balance.js';
import { ViewAccount } from './use-cases/view-account.js';

export interface LedgerModuleOptions {
  readonly ledger: Ledger;
  readonly operatorToken: string;
  /** Present when other processes call this ledger. */
  readonly credentials?: LedgerCredentials;
}

const LEDGER = Symbol('LEDGER');

/** The ledger's pages for the operator, and its life with the application's. */
@Module({})
export class LedgerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(LEDGER) private readonly ledger: Ledger) {}

  static with({ ledger, operatorToken, credentials }: LedgerModuleOptions): DynamicModule {
    return {
      module: LedgerModule,
      controllers: controllersOf(ledger, credentials),
      providers: [
        { provide: LEDGER, useValue: ledger },
        ...(ledger.proofs === undefined ? [] : proofProviders(ledger.proofs)),
        { provide: OPERATOR_TOKEN, useValue: operatorToken },
        { provide: LEDGER_PORT, useValue: ledger.port },
        { provide: LEDGER_CREDENTIALS, useValue: credentials ?? null },
        { provide: PEER_SECRET, useValue: ledger.peer?.secret ?? '' },
        { provide: TAKE_PASSED_ON, useValue: ledger.peer?.takePassedOn ?? null },
        { provide: ViewAccount, useValue: ledger.viewAccount },
        { provide: ListStatement, useValue: ledger.listStatement },
        { provide: TakeTrialBalance, useValue: ledger.takeTrialBalance },
        ...lookupProviders(ledger),
        ...(credentials === undefined ? [] : [LedgerCallerGuard, SubmitCommandRoute]),
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.ledger.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.ledger.stop();
  }
}

function controllersOf(
  { proofs, peer }: Ledger,
  credentials: LedgerCredentials | undefined,
): Type[] {
  const inside = [LedgerPortController, SubmitBulkController, BookingsController, BooksController];
  return [
    ViewAccountController,
    ListStatementController,
    TakeTrialBalanceController,
    ...LOOKUP_CONTROLLERS,
    ...(proofs === undefined ? [] : PROOF_CONTROLLERS),
    ...(credentials === undefined ? [] : inside),
    ...(credentials === undefined || proofs === undefined ? [] : RECEIPT_CONTROLLERS),
    ...(peer === undefined ? [] : [PassedOnController]),
  ];
}
