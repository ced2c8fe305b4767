import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type BulkAnswer, BulkAnswerSchema } from '@stuiver/contracts';
import type { Command } from '../../domain/commands.js';
import { type PeerLedger, PeerSilent } from '../../use-cases/pass-on.js';
import type { LedgerCredentials } from './ledger-callers.js';

/** Longer than a batch takes at full load; a process that takes longer is taken to be stuck. */
const ANSWER_MS_MAX = 1_000;

const PASSED_ON_PATH = '/internal/ledger/passed-on';

const Answers = z.strictObject({ answers: z.array(BulkAnswerSchema) });

/** The other ledger processes of one database, by HTTP. */
export class HttpPeerLedger implements PeerLedger {
  constructor(private readonly secret: string) {}

  async pass(address: string, commands: readonly Command[]): Promise<readonly BulkAnswer[]> {
    const limit = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    // Raced, not only aborted: a request whose abort is lost would hold up everything that waits to be passed on.
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new PeerSilent('the writing ledger stands still'));
        limit.abort();
      }, ANSWER_MS_MAX);
    });
    try {
      return await Promise.race([this.ask(address, commands, limit.signal), silence]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async ask(
    address: string,
    commands: readonly Command[],
    signal: AbortSignal,
  ): Promise<readonly BulkAnswer[]> {
    const answer = await fetch(new URL(PASSED_ON_PATH, address), {
      method: 'POST',
      headers: { authorization: bearer(this.secret), 'content-type': 'application/json' },
      body: JSON.stringify({ commands }),
      signal,
    });
    if (!answer.ok) throw new Error(`the writing ledger answered ${String(answer.status)}`);
    return Answers.parse(await answer.json()).answers;
  }
}

/**
 * By what ledger processes know each other: all of them hold both callers' credentials, and neither caller holds the
 * other's.
 */
export function peerSecretOf({ order, payout }: LedgerCredentials): string {
  return createHmac('sha256', order).update(payout).digest('hex');
}

export function bearer(secret: string): string {
  return `Bearer ledger:${secret}`;
}
