import type { FastifyReply } from 'fastify';
import { type LedgerResult, LedgerUnavailable } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';

/** A queue of seconds is full: a second later a good part of it is gone. */
const RETRY_AFTER_SECONDS = '1';

/** The outcome is not known here either: 503, and the same command again finds out. */
export async function orBusy(
  reply: FastifyReply,
  work: () => Promise<LedgerResult>,
): Promise<LedgerResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LedgerUnavailable)) throw error;
    void reply.header('retry-after', RETRY_AFTER_SECONDS);
    throw new Refusal('SERVICE_UNAVAILABLE', { rule: error.message }, { cause: error });
  }
}
