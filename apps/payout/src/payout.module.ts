import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { OPERATOR_TOKEN } from '@stuiver/http';
import {
  MerchantPagesController,
  OFFERS_PAYOUT_BUTTON,
} from './adapters/http/merchant-pages.controller.js';
import { OperatorPayoutsController } from './adapters/http/operator-payouts.controller.js';
import { SettlementStyleController } from './adapters/http/settlement-style.controller.js';
import { PostgresPayouts } from './adapters/postgres/payouts.js';
import { SettlementView } from './adapters/postgres/settlement-view.js';
import { assemblePayout, type PayoutParts } from './assemble.js';
import type { PayoutOptions } from './options.js';
import { ApproveBatch } from './use-cases/approve-batch.js';
import { DiscardBatch } from './use-cases/discard-batch.js';
import { ExportBatch } from './use-cases/export-batch.js';
import { KeepPayee } from './use-cases/keep-payee.js';
import { MerchantAccess } from './use-cases/merchant-access.js';
import { PrepareBatch } from './use-cases/prepare-batch.js';
import { RunPayouts } from './use-cases/run-payouts.js';

const PARTS = Symbol('PAYOUT_PARTS');

/** Settlements, payouts and their pages. */
@Module({})
export class PayoutModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(PARTS) private readonly parts: PayoutParts) {}

  static with(options: PayoutOptions): DynamicModule {
    const parts = assemblePayout(options);
    return {
      module: PayoutModule,
      controllers: [OperatorPayoutsController, MerchantPagesController, SettlementStyleController],
      providers: [
        { provide: PARTS, useValue: parts },
        { provide: OPERATOR_TOKEN, useValue: options.operatorToken },
        { provide: OFFERS_PAYOUT_BUTTON, useValue: options.sandbox },
        { provide: RunPayouts, useValue: parts.run },
        { provide: PrepareBatch, useValue: parts.prepare },
        { provide: DiscardBatch, useValue: parts.discard },
        { provide: ApproveBatch, useValue: parts.approve },
        { provide: ExportBatch, useValue: parts.export },
        { provide: KeepPayee, useValue: parts.keepPayee },
        { provide: MerchantAccess, useValue: parts.access },
        { provide: PostgresPayouts, useValue: parts.payouts },
        { provide: SettlementView, useValue: parts.view },
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
