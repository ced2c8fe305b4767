import { commandIdOf } from '@stuiver/ids';
import type { LedgerPort, LedgerResult } from '@stuiver/contracts';
import { invariant, Refusal } from '@stuiver/errors';
import type { Money } from '@stuiver/money';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { isSamePerson } from '../domain/person.js';
import { isTooLateFor } from '../domain/t2-calendar.js';
import type { BankFunds } from './bank-funds.js';
import type { Batch, Payout, PayoutStore, PayoutWrites, Person } from './ports.js';

/**
 * Another person agrees to exactly this file, and above an amount two do. Their names are on record first; then the
 * ledger moves each payout from available to payout; then the batch may be exported. A crash in between is resumed
 * with the same commands. When the ledger refuses one payout, the file does not hold: the batch is refused and all its
 * settlements are free again. The next batch leaves out what the ledger cannot pay (PrepareBatch), so one merchant
 * blocks nobody twice.
 */
export class ApproveBatch {
  constructor(
    private readonly store: PayoutStore,
    private readonly ledger: LedgerPort,
    private readonly tools: { clock: Clock; crash: CrashPoints; funds: BankFunds },
  ) {}

  /**
   * @returns the batch: `prepared` while another person must agree too, else `approved` or `refused`; `approving` is
   *   not left.
   * @throws Refusal SAME_PERSON; NOT_FOUND; PARAM_ERROR when the hash is another file's; STATE_CONFLICT when it is not
   *   prepared or its day has come; LedgerUnavailable when the outcome is not known: it is carried on with.
   */
  async run(request: {
    batchId: string;
    checker: string;
    checkerName?: string;
    fileSha256: string;
  }): Promise<Batch> {
    const { batchId, checker, fileSha256 } = request;
    const missing = await this.tools.funds.missingFor(batchId);
    await this.store.run(async (writes) => {
      const batch = await writes.lockBatch(batchId);
      if (batch === undefined) throw new Refusal('NOT_FOUND', { batch: batchId });
      if (batch.fileSha256 !== fileSha256) {
        throw new Refusal('PARAM_ERROR', {
          field: 'file_sha256',
          rule: 'is not this batch’s file',
          why: 'other-file',
        });
      }
      await this.agree(writes, batch, { id: checker, name: request.checkerName ?? null }, missing);
    });
    this.tools.crash.pass('payout.approval-recorded');
    return this.carryOn(batchId);
  }

  /** Puts the person's consent on record, and begins when theirs was the last that is needed. Twice is once. */
  private async agree(
    writes: PayoutWrites,
    batch: Batch,
    by: Person,
    missing: Money,
  ): Promise<void> {
    const at = this.tools.clock.now();
    const consent = await writes.consentTo(batch.id, at);
    const { standing, needed } = consent;
    const others = standing.filter(({ checker }) => !isSamePerson(checker, by.id));
    const approvals = others.length + 1;
    const isEnough = approvals >= needed;
    const isRepeat = others.length < standing.length && !(isEnough && batch.state === 'prepared');
    if (isRepeat || isCheckerOf(batch, by)) return;
    needApprovable(batch, by.id, at);
    needSteadyPayees(batch, consent.payeesChanging);
    const { rule } = this.tools.funds;
    const { id, fileSha256 } = batch;
    await writes.saveApproval({ what: 'batch', batchId: id, hash: fileSha256, by, at });
    if (isEnough) {
      if (rule === 'approved' && consent.prefunding === null) needFunds(batch, missing);
      await writes.saveApproving(id, { by, at, missing, rule });
    }
    await writes.audit({
      act: 'batch-approved',
      subject: { kind: 'batch', id },
      before: { state: batch.state },
      after: { state: isEnough ? 'approving' : batch.state, fileSha256, approvals, needed },
    });
  }

  /** Books an approved batch, or undoes it when the ledger refuses one of its payouts. Safe to repeat. */
  async carryOn(batchId: string): Promise<Batch> {
    const batch = await this.store.batch(batchId);
    invariant(batch !== undefined, 'an approved batch is there');
    if (batch.state === 'approving') await this.book(batch);
    return (await this.store.batch(batchId)) ?? batch;
  }

  private async book(batch: Batch): Promise<void> {
    const payouts = await this.store.payoutsOf(batch.id);
    const results = await Promise.all(payouts.map((payout) => this.ask(batch, payout)));
    this.tools.crash.pass('payout.approval-booked');
    const refused = results.find((result) => result.outcome === 'refused');
    if (refused !== undefined) return this.undo(batch, payouts, results);
    const at = this.tools.clock.now();
    await this.store.run(async (writes) => {
      const now = await writes.lockBatch(batch.id);
      if (now?.state !== 'approving') return;
      await writes.saveBatch(batch.id, 'approved', at);
      await writes.savePayouts(batch.id, 'approved');
      for (const payout of payouts) {
        await writes.say({
          type: 'payout.approved.v1',
          subject: payout.merchantId,
          data: { ...moneyFacts(payout), approvedAt: at.toISOString() },
        });
      }
    });
  }

  private ask(batch: Batch, payout: Payout): Promise<LedgerResult> {
    return this.ledger.submit({
      kind: 'payout-approve',
      id: commandIdOf('payout-approve', payout.id),
      effectiveAt: batch.createdAt.toISOString(),
      payoutId: payout.id,
      merchantId: payout.merchantId,
      amountMinor: payout.amount.minor.toString(),
      currency: payout.amount.currency,
    });
  }

  /** The file may not go out with one line missing: what was booked goes back and the batch is over. */
  private async undo(
    batch: Batch,
    payouts: readonly Payout[],
    results: readonly LedgerResult[],
  ): Promise<void> {
    const booked = payouts.filter((_payout, index) => results[index]?.outcome === 'posted');
    for (const payout of booked) {
      await this.ledger.submit({
        kind: 'payout-return',
        id: commandIdOf('payout-return', payout.id),
        effectiveAt: batch.createdAt.toISOString(),
        payoutId: payout.id,
        merchantId: payout.merchantId,
        bank: 'none',
        afterSettlement: false,
        amountMinor: payout.amount.minor.toString(),
        currency: payout.amount.currency,
      });
    }
    const at = this.tools.clock.now();
    await this.store.run(async (writes) => {
      const now = await writes.lockBatch(batch.id);
      if (now?.state !== 'approving') return;
      await writes.saveBatch(batch.id, 'refused', at);
      await writes.savePayouts(batch.id, 'refused', 'the ledger refused a payout of this batch');
    });
  }
}

function isCheckerOf(batch: Batch, person: Person): boolean {
  return batch.checker !== null && isSamePerson(batch.checker, person.id);
}

/** @throws Refusal STATE_CONFLICT, SAME_PERSON. */
function needApprovable(batch: Batch, checker: string, at: Date): void {
  if (batch.state !== 'prepared') {
    throw new Refusal('STATE_CONFLICT', { batch: batch.id, state: batch.state });
  }
  if (isSamePerson(batch.maker, checker)) {
    throw new Refusal('SAME_PERSON', {
      rule: 'the maker of a batch may not approve it',
      why: 'maker-may-not-approve',
    });
  }
  if (isTooLateFor(batch.executionDate, at)) {
    throw new Refusal('STATE_CONFLICT', {
      rule: `the file asks the bank to pay on ${batch.executionDate}, which is not ahead any more: discard the batch and prepare anew`,
      why: 'too-late-for-its-day',
      batch: batch.id,
    });
  }
}

/** @throws Refusal STATE_CONFLICT */
function needFunds(batch: Batch, missing: Money): void {
  if (missing.minor === 0n) return;
  throw new Refusal('STATE_CONFLICT', {
    rule: 'the paying account has too little: another person of finance must approve the prefunding first',
    why: 'prefunding-needed',
    batch: batch.id,
    missingMinor: String(missing.minor),
  });
}

/** @throws Refusal STATE_CONFLICT */
function needSteadyPayees(batch: Batch, merchantIds: readonly string[]): void {
  if (merchantIds.length === 0) return;
  throw new Refusal('STATE_CONFLICT', {
    rule: 'another account was asked for since it was prepared: discard the batch and prepare anew',
    why: 'payee-changing-in-batch',
    batch: batch.id,
    merchants: merchantIds.join(' '),
  });
}

/** What every event about a payout says. */
export function moneyFacts(payout: Payout): {
  payoutId: string;
  batchId: string;
  merchantId: string;
  amountMinor: string;
  currency: 'EUR';
} {
  return {
    payoutId: payout.id,
    batchId: payout.batchId,
    merchantId: payout.merchantId,
    amountMinor: payout.amount.minor.toString(),
    currency: payout.amount.currency,
  };
}
