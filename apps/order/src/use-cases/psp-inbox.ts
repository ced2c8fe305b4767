import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Clock, CrashPoints, KeyStore, Log } from '@stuiver/ports';
import type { PayIn, PspEvent } from '@stuiver/psp';
import { nextAskAt } from '../domain/ask-ladder.js';
import type { Wake } from './ports.js';
import type { RecordPspResult } from './record-psp-result.js';

export interface KeptMessage {
  readonly pspEventId: string;
  readonly sealed: Uint8Array;
  readonly workedCount: number;
}

/** The PSP's messages, kept before anything else is done with them. */
export interface PspInboxStore {
  /** `repeat`: the same message again, as is usual. `other`: its id is known with another body. */
  keep(message: {
    pspEventId: string;
    sha256: Uint8Array;
    sealed: Uint8Array;
    type: string;
    at: Date;
  }): Promise<'kept' | 'repeat' | 'other'>;
  take(take: { now: Date; limit: number; leaseUntil: Date }): Promise<readonly KeptMessage[]>;
  finish(pspEventId: string, end: { at: Date; problem: string | null }): Promise<void>;
  postpone(pspEventId: string, until: Date): Promise<void>;
}

const KeptEvent = z.strictObject({
  event: z.strictObject({
    pspEventId: z.string(),
    type: z.enum(['payment', 'refund', 'dispute', 'other']),
    occurredAt: z.coerce.date(),
    pspReference: z.string(),
    reference: z.string().nullable(),
  }),
  rawBody: z.base64(),
});

/** A message about nothing of ours is looked at this often before it is laid aside. */
const LOOKS_MAX = 5;

/** Takes a webhook: verified, kept sealed, answered; worked on later, at our own pace. */
export class TakePspWebhook {
  constructor(
    private readonly psp: Pick<PayIn, 'readWebhook'>,
    private readonly inbox: Pick<PspInboxStore, 'keep'>,
    private readonly keys: Pick<KeyStore, 'seal'>,
    private readonly tools: { clock: Clock; crash: CrashPoints; log: Log; wake: Wake },
  ) {}

  /** @throws Refusal PSP_SIGNATURE_WRONG */
  async run(message: { rawBody: Uint8Array; signature: string }): Promise<void> {
    const event = this.psp.readWebhook(message);
    const rawBody = Buffer.from(message.rawBody).toString('base64');
    const plain = Buffer.from(JSON.stringify({ event, rawBody }));
    const { pspEventId } = event;
    const kept = await this.inbox.keep({
      pspEventId,
      sha256: createHash('sha256').update(message.rawBody).digest(),
      sealed: await this.keys.seal(purposeOf(pspEventId), plain),
      type: event.type,
      at: this.tools.clock.now(),
    });
    // Stripe sends an event again byte for byte. We ask it how things stand in any case, but somebody should look.
    if (kept === 'other') {
      this.tools.log.error('an event of the PSP came again with another body', {
        psp_event_id: pspEventId,
      });
    }
    this.tools.crash.pass('ideal.webhook-kept');
    this.tools.wake.pspInbox();
  }
}

/** Works on one kept message. */
export class WorkPspMessage {
  constructor(
    private readonly inbox: Pick<PspInboxStore, 'finish' | 'postpone'>,
    private readonly keys: Pick<KeyStore, 'open'>,
    private readonly recordResult: RecordPspResult,
    private readonly tools: { clock: Clock; log: Log },
  ) {}

  async run(message: KeptMessage): Promise<void> {
    const { pspEventId, workedCount } = message;
    const result = await this.recordResult.run(await this.read(message));
    const at = this.tools.clock.now();
    if (result === 'done') return this.inbox.finish(pspEventId, { at, problem: null });
    if (result === 'nobody' && workedCount >= LOOKS_MAX) {
      const problem = 'nothing of ours has this reference';
      this.tools.log.error(problem, { psp_event_id: pspEventId });
      return this.inbox.finish(pspEventId, { at, problem });
    }
    return this.inbox.postpone(pspEventId, nextAskAt(at, workedCount));
  }

  private async read(message: KeptMessage): Promise<PspEvent> {
    const plain = await this.keys.open(purposeOf(message.pspEventId), message.sealed);
    return KeptEvent.parse(JSON.parse(Buffer.from(plain).toString())).event;
  }
}

function purposeOf(pspEventId: string): string {
  return `psp-webhook:${pspEventId}`;
}
