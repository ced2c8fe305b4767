import { createHash } from 'node:crypto';
import type { Clock, CrashPoints, KeyStore } from '@stuiver/ports';
import type { PspAccount } from '@stuiver/psp';
import type { PspStore } from './recon-ports.js';

/** Takes a webhook: verified, kept sealed, answered. Nothing in it is believed: it only says that it is time to look. */
export class TakePspMessage {
  constructor(
    private readonly psp: Pick<PspAccount, 'readWebhook'>,
    private readonly store: Pick<PspStore, 'keepMessage'>,
    private readonly keys: Pick<KeyStore, 'seal'>,
    private readonly tools: { clock: Clock; crash: CrashPoints; wake: () => void },
  ) {}

  /** @throws Refusal PSP_SIGNATURE_WRONG */
  async run(message: { rawBody: Uint8Array; signature: string }): Promise<void> {
    const { pspEventId, concernsBalance } = this.psp.readWebhook(message);
    await this.store.keepMessage({
      pspEventId,
      sha256: createHash('sha256').update(message.rawBody).digest(),
      sealed: await this.keys.seal(`psp-payout-webhook:${pspEventId}`, message.rawBody),
      at: this.tools.clock.now(),
    });
    this.tools.crash.pass('payout.psp-message-kept');
    if (concernsBalance) this.tools.wake();
  }
}
