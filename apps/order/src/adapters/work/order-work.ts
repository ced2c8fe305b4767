import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Loop, type Relay, type Turn } from '@stuiver/bus';
import type { Clock, Log } from '@stuiver/ports';
import type { PayIn } from '@stuiver/psp';
import type { CloseOrder } from '../../use-cases/close-order.js';
import type { ErasePerson, ErasureStore } from '../../use-cases/erase-person.js';
import type { IssueLoginCode } from '../../use-cases/issue-login-code.js';
import type { DueWork, Take } from '../../use-cases/ports.js';
import type { PspInboxStore, WorkPspMessage } from '../../use-cases/psp-inbox.js';
import type { RecordDispute } from '../../use-cases/record-dispute.js';
import type { ResolveAttempt } from '../../use-cases/resolve-attempt.js';
import type { DecideReview } from '../../use-cases/risk/decide-review.js';
import type { Sessions } from '../../use-cases/sessions.js';
import type { TopUpWallet } from '../../use-cases/top-up.js';
import type { WorkRefund } from '../../use-cases/work-refund.js';
import type { Bell } from './bell.js';

export interface WorkParts {
  readonly psp: Pick<PayIn, 'isReachable'>;
  readonly due: DueWork;
  readonly inbox: Pick<PspInboxStore, 'take'>;
  readonly resolveAttempt: ResolveAttempt;
  readonly workRefund: WorkRefund;
  readonly topUp: TopUpWallet;
  readonly recordDispute: RecordDispute;
  readonly closeOrder: CloseOrder;
  readonly decideReview: DecideReview;
  readonly workPspMessage: WorkPspMessage;
  readonly sessions: Sessions;
  readonly issueLoginCode: IssueLoginCode;
  readonly erasures: Pick<ErasureStore, 'unfinishedErasures'>;
  readonly erasePerson: ErasePerson;
  readonly relay: Relay;
  readonly bell: Bell;
  readonly clock: Clock;
  readonly log: Log;
}

const ROWS_PER_TURN_MAX = 100;
/** So many of them at once. */
const WORKERS = 4;
const LOOK_MS = 1_000;
const TIDY_MS = 600_000;
/** One that died in the middle is carried on; until then nobody is let in as that person. */
const ERASURES_MS = 10_000;
/** A question that failed is asked again after this, by whoever looks first. */
const LEASE_MS = 30_000;

/** Everything that happens without anybody asking: what is due is worked on, from the first start after a crash. */
export class OrderWork implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loops: readonly Loop[];
  private wasReachable = true;

  constructor(private readonly parts: WorkParts) {
    const { due, bell } = parts;
    const inbox = this.loop('psp inbox', () => this.workInbox());
    const refunds = this.loop('refunds', () =>
      this.each(
        'refund',
        (take) => due.takeRefunds(take),
        (id) => parts.workRefund.run(id),
      ),
    );
    this.loops = [
      this.loop('attempts', () =>
        this.each(
          'attempt',
          (take) => due.takeAttempts(take),
          (id) => parts.resolveAttempt.run(id),
        ),
      ),
      this.loop('top-ups', () =>
        this.each(
          'top-up',
          (take) => due.takeTopUps(take),
          (id) => parts.topUp.resolve(id),
        ),
      ),
      this.loop('expired orders', () =>
        this.each(
          'order',
          (take) => due.expiredOrders(take),
          (id) => parts.closeOrder.expire(id),
        ),
      ),
      ...this.disputeLoops(),
      this.reviews(),
      this.loop(
        'erasures',
        () =>
          this.each(
            'erasure',
            ({ limit }) => parts.erasures.unfinishedErasures(limit),
            (userId) => parts.erasePerson.run(userId),
          ),
        ERASURES_MS,
      ),
      this.loop('the PSP is back', () => this.greetPsp()),
      this.loop('tidy', () => this.tidy(), TIDY_MS),
      ...[inbox, refunds],
    ];
    bell.connect('outbox', () => {
      parts.relay.wake();
    });
    bell.connect('refunds', () => {
      refunds.wake();
    });
    bell.connect('pspInbox', () => {
      inbox.wake();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.parts.due.makeAllDue(this.parts.clock.now());
    this.parts.relay.start();
    for (const loop of this.loops) loop.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.parts.relay.stop();
  }

  private disputeLoops(): readonly Loop[] {
    const { due, recordDispute } = this.parts;
    const ask = (): Promise<Turn> =>
      this.each(
        'dispute',
        (take) => due.takeDisputes(take),
        (id) => recordDispute.run(id),
      );
    const look = async (): Promise<Turn> => {
      await recordDispute.findRecent();
      return 'idle';
    };
    return [this.loop('disputes', ask), this.loop('new disputes', look, TIDY_MS)];
  }

  private reviews(): Loop {
    const { due, decideReview } = this.parts;
    return this.loop('reviews', () =>
      this.each(
        'review',
        (take) => due.overdueReviews(take),
        (id) => decideReview.lapse(id),
      ),
    );
  }

  private loop(name: string, turn: () => Promise<Turn>, everyMs = LOOK_MS): Loop {
    return new Loop({ name: `order: ${name}`, everyMs, log: this.parts.log, turn });
  }

  private take(): Take {
    const now = this.parts.clock.now();
    return { now, limit: ROWS_PER_TURN_MAX, leaseUntil: new Date(now.getTime() + LEASE_MS) };
  }

  /** One that fails does not hold up the others: it is due again when its lease is over. */
  private async each(
    kind: string,
    list: (take: Take) => Promise<readonly string[]>,
    work: (id: string) => Promise<unknown>,
  ): Promise<Turn> {
    const ids = await list(this.take());
    let failures = 0;
    await abreast(ids, async (id) => {
      try {
        await work(id);
      } catch (error) {
        failures += 1;
        this.parts.log.error('due work failed', { kind, id }, error);
      }
    });
    return ids.length === ROWS_PER_TURN_MAX && failures === 0 ? 'more' : 'idle';
  }

  private async workInbox(): Promise<Turn> {
    const messages = await this.parts.inbox.take(this.take());
    await abreast(messages, async (message) => {
      try {
        await this.parts.workPspMessage.run(message);
      } catch (error) {
        const fields = { psp_event_id: message.pspEventId };
        this.parts.log.error('a message of the PSP could not be worked on', fields, error);
      }
    });
    return messages.length === ROWS_PER_TURN_MAX ? 'more' : 'idle';
  }

  /** What was asked in vain has climbed the ladder meanwhile: nobody waits half an hour more for an answer that is there. */
  private async greetPsp(): Promise<Turn> {
    const { psp, due, clock, log } = this.parts;
    const { isReachable } = psp;
    if (isReachable && !this.wasReachable) {
      await due.makeAllDue(clock.now());
      log.info('the PSP answers again; whatever waits for it is asked about now', {});
    }
    this.wasReachable = isReachable;
    return 'idle';
  }

  private async tidy(): Promise<Turn> {
    await this.parts.sessions.forgetOld();
    await this.parts.issueLoginCode.forgetOld();
    return 'idle';
  }
}

/** Several at once: one that waits for the PSP does not hold up the others. */
async function abreast<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}
