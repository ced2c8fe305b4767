import type { Delivery, Loop, Subscriber, Subscription } from '@stuiver/bus';
import type { Kafka } from 'kafkajs';
import type { Log } from '@stuiver/ports';
import { Member } from './member.js';

const BACK_OFF_MS_MIN = 250;
const BACK_OFF_MS_MAX = 5_000;
/** A member that lived this long was well: the next one starts at once. */
const WELL_MS = 60_000;

export interface ReadingOptions {
  readonly newKafka: () => Kafka;
  readonly subscriber: Subscriber;
  readonly delivery: Delivery;
  readonly log: Log;
  /** Creates the topics where they are missing. */
  readonly prepare: () => Promise<void>;
  /** After this long without a sign of life a consumer is given up. */
  readonly silenceMsMax?: number;
}

/** Keeps one consumer reading: one kafkajs consumer after the other, for as long as it is not stopped. */
export class Reading implements Subscription {
  private readonly running: Promise<void>;
  private readonly replay: Loop;
  private readonly stopped: Promise<'stopped'>;
  private sayStop: () => void = () => undefined;
  private stopping = false;

  constructor(private readonly options: ReadingOptions) {
    this.stopped = new Promise((resolve) => {
      this.sayStop = () => {
        resolve('stopped');
      };
    });
    this.replay = options.delivery.replayLoop();
    this.replay.start();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.sayStop();
    await Promise.all([this.running, this.replay.stop()]);
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping) {
      const begun = performance.now();
      const reason = await this.live();
      if (reason === 'stopped') return;
      failures = performance.now() - begun > WELL_MS ? 0 : failures + 1;
      const { consumer, topic } = this.options.subscriber;
      this.options.log.warn('Kafka consumer starts anew', { consumer, topic, failures, reason });
      await this.rest(Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** Math.min(failures, 10)));
    }
  }

  /** One member's life. @returns why it ended. */
  private async live(): Promise<string> {
    const { newKafka, ...options } = this.options;
    const member = new Member({ ...options, kafka: newKafka() });
    try {
      const broken = this.begin(member).catch(String);
      return await Promise.race([this.stopped, member.ended, broken]);
    } finally {
      await member.stop();
    }
  }

  /** Resolves only with a failure: a member that has started tells by itself when it ends. */
  private async begin(member: Member): Promise<string> {
    await this.options.prepare();
    await member.start();
    return member.ended;
  }

  private async rest(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([over, this.stopped]);
    clearTimeout(timer);
  }
}
