import type { SandboxDays } from './days.js';
import type { Faults } from './faults.js';
import type { IdempotentCalls } from './idempotency.js';
import type { Run } from './store.js';
import type { WebhookSender } from './webhook-sender.js';

export interface Context {
  readonly run: Run;
  readonly calls: IdempotentCalls;
  readonly faults: Faults;
  readonly sender: WebhookSender;
  readonly days: SandboxDays;
  readonly pages: () => URL;
}
