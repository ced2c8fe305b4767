import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { EventBus, Subscription } from '@stuiver/bus';
import { TOPICS } from '@stuiver/contracts';
import type { TellPayeeChange } from '../../use-cases/staff/tell-payee-change.js';

/** What Payout says of payees becomes mail. */
export class HearPayeeChanges implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private subscription: Subscription | undefined;

  constructor(
    private readonly bus: EventBus,
    private readonly tell: TellPayeeChange,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.bus.subscribe({
      consumer: 'order.payee-mails',
      topic: TOPICS.payout,
      types: ['payout.payee-change-asked.v1'],
      handle: async (event) => {
        if (event.type === 'payout.payee-change-asked.v1') await this.tell.run(event.data);
      },
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.subscription?.stop();
  }
}
