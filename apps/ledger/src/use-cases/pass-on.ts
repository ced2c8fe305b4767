import {
  type BulkAnswer,
  BULK_COMMANDS_MAX,
  type LedgerResult,
  LedgerUnavailable,
} from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import type { Log } from '@stuiver/ports';
import type { Command } from '../domain/commands.js';
import type { AcceptedCommand } from './accept-command.js';

/** Who of several ledger processes writes, as far as this one knows. Never an authority: the chain head is. */
export interface WriterHint {
  /** Undefined: this one does, or none is known to. */
  readonly elsewhere: string | undefined;
  /** It did not answer in time: until it does again, this process writes for itself. */
  doubt(address: string): void;
}

export interface PeerLedger {
  /** @throws PeerSilent when it stands still, any other error when it is not there. Either way each may be booked. */
  pass(address: string, commands: readonly Command[]): Promise<readonly BulkAnswer[]>;
}

/** A process that has the connection and says nothing. */
export class PeerSilent extends Error {
  override readonly name = 'PeerSilent';
}

/** Where commands are booked. */
export interface Booking {
  /** Commands that were taken and have no answer yet. */
  readonly waitingCount: number;
  /** @throws as `PostBatch.run`. */
  run(command: AcceptedCommand): Promise<LedgerResult>;
  /** Waits until everything that was taken has its answer. */
  drain(): Promise<void>;
}

export interface PassOnOptions {
  readonly here: Booking;
  readonly hint: WriterHint;
  readonly peers: PeerLedger;
  readonly log: Log;
}

interface Waiting {
  readonly command: AcceptedCommand;
  readonly resolve: (result: LedgerResult | Promise<LedgerResult>) => void;
  readonly reject: (error: Error) => void;
}

/** As in a poster's own queue. */
const QUEUE_COMMANDS_MAX = 20_000;

/**
 * Gives commands to the process that writes, whatever waits together, so that one cache serves all. If that process
 * does not answer, they are booked here: should it have booked them all the same, their ids are known and nothing
 * happens twice.
 */
export class PassOn implements Booking {
  private readonly queue: Waiting[] = [];
  private running: Promise<void> | undefined;
  private inHandCount = 0;

  constructor(private readonly options: PassOnOptions) {}

  get waitingCount(): number {
    return this.queue.length + this.inHandCount + this.options.here.waitingCount;
  }

  run(command: AcceptedCommand): Promise<LedgerResult> {
    if (this.options.hint.elsewhere === undefined) return this.options.here.run(command);
    if (this.queue.length >= QUEUE_COMMANDS_MAX) {
      return Promise.reject(new LedgerUnavailable('too many commands are waiting'));
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ command, resolve, reject });
      this.running ??= this.work();
    });
  }

  async drain(): Promise<void> {
    while (this.running !== undefined) await this.running;
    await this.options.here.drain();
  }

  private async work(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.queue.length === 0) break;
      const batch = this.queue.splice(0, BULK_COMMANDS_MAX);
      this.inHandCount = batch.length;
      await this.passOn(batch);
      this.inHandCount = 0;
    }
    // In the same breath as the look at the queue: whoever comes next starts the work again.
    this.running = undefined;
  }

  private async passOn(batch: readonly Waiting[]): Promise<void> {
    const { hint, peers, here, log } = this.options;
    const address = hint.elsewhere;
    let answers: readonly BulkAnswer[] = [];
    if (address !== undefined) {
      try {
        answers = await peers.pass(
          address,
          batch.map(({ command }) => command.command),
        );
      } catch (error) {
        if (error instanceof PeerSilent) hint.doubt(address);
        log.warn('the writing ledger gave no answer', {
          commands: batch.length,
          reason: String(error),
        });
      }
    }
    for (const [index, { command, resolve, reject }] of batch.entries()) {
      const answer = answers[index];
      if (answer === undefined) resolve(here.run(command));
      else if (answer.outcome !== 'error') resolve(answer);
      else reject(errorOf(answer));
    }
  }
}

function errorOf({ code, facts }: Extract<BulkAnswer, { outcome: 'error' }>): Error {
  if (code === 'SERVICE_UNAVAILABLE')
    return new LedgerUnavailable(facts['rule'] ?? 'the writer could not book it');
  return new Refusal(code, facts);
}
