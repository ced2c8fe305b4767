import {
  type BeforeApplicationShutdown,
  Controller,
  type DynamicModule,
  Get,
  Module,
  type OnApplicationBootstrap,
  type Provider,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { Loop, Outbox } from '@stuiver/bus';
import type { LedgerBookings, LedgerCommandKind } from '@stuiver/contracts';
import { OPERATOR_TOKEN, OperatorGuard } from '@stuiver/http';
import type { Clock, Gauges, Log, Random } from '@stuiver/ports';
import type { Database } from '@stuiver/postgres';
import { AgreeWithLedger, type MoneySaidReads } from './agree-with-ledger.js';
import { agreementGauges } from './agreement-gauges.js';
import { AgreementRows } from './agreement-rows.js';

const LOOK_EVERY_MS = 60_000;

export interface AgreementOptions {
  readonly service: 'order' | 'payout';
  /** Its schema, as its role. */
  readonly database: Database;
  readonly said: MoneySaidReads;
  /** The commands that are the service's to give, each about one thing of its own. */
  readonly kinds: readonly LedgerCommandKind[];
  readonly bookings: LedgerBookings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Gauges | undefined;
  readonly operatorToken: string;
}

/** Looks every minute whether a service and the ledger agree; tells it as a gauge, as events and to the operator. */
@Module({})
export class AgreementModule {
  static with(options: AgreementOptions): DynamicModule {
    const { service, said, bookings, kinds, database, clock, log, metrics } = options;
    const rows = new AgreementRows(database, outboxOf(options), { service, clock });
    const agree = new AgreeWithLedger(said, bookings, { kinds, service, memory: rows, clock, log });
    metrics?.watch(agreementGauges(service, rows));
    const looks: Provider = {
      provide: `${service} agreement`,
      useValue: new Looks(agree, options),
    };
    return {
      module: AgreementModule,
      controllers: [controllerOf(service, rows)],
      providers: [looks, { provide: OPERATOR_TOKEN, useValue: options.operatorToken }],
    };
  }
}

function outboxOf({ service, clock, random }: AgreementOptions): Outbox {
  return service === 'order'
    ? new Outbox({ schema: 'orders', source: '/stuiver/order', clock, random })
    : new Outbox({ schema: 'payout', source: '/stuiver/payout', clock, random });
}

class Looks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;

  constructor(agree: AgreeWithLedger, { service, log }: AgreementOptions) {
    this.loop = new Loop({
      ...{ name: `${service} agreement`, everyMs: LOOK_EVERY_MS, log },
      turn: async () => {
        await agree.run();
        return 'idle';
      },
    });
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}

/** `GET /operator/orders/agreement`, `GET /operator/payouts/agreement`: how far was looked, and what disagrees since when. */
function controllerOf(service: 'order' | 'payout', rows: AgreementRows): Type {
  @Controller(`operator/${service}s/agreement`)
  @UseGuards(OperatorGuard)
  class AgreementController {
    @Get()
    async get(): Promise<object> {
      const { saidUntil, bookedUntil } = await rows.read();
      const disagreements = await rows.standing();
      const state = disagreements.length > 0 ? 'alarm' : 'well';
      return { state, saidUntil, bookedUntil, disagreements };
    }
  }
  return AgreementController;
}
