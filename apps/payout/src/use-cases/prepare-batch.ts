import type { LedgerPort } from '@stuiver/contracts';
import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import { Money } from '@stuiver/money';
import type { Clock, CrashPoints, Random } from '@stuiver/ports';
import { Purse } from '../domain/purse.js';
import { amsterdamDay, nextT2BusinessDay } from '../domain/t2-calendar.js';
import type {
  Batch,
  Payee,
  PayeeBook,
  PaymentFile,
  Payout,
  PayoutStore,
  Settlement,
  SettlementStore,
} from './ports.js';

const PAYOUTS_PER_BATCH_MAX = 20_000;

type Due = Settlement & { readonly amount: Money };
type Line = { readonly payout: Payout; readonly payee: Payee };

/** A settlement that this batch leaves out, and why. It is looked at again by the next one. */
export interface Held {
  readonly settlementId: string;
  readonly merchantId: string;
  readonly amount: Money;
  readonly code: HeldCode;
  readonly reason: string;
}

/** Why a settlement is left out; pages have a sentence for each. */
export type HeldCode =
  'sent-back' | 'no-payee' | 'not-writable' | 'balance-too-low' | 'payee-changing';
type Objection = Pick<Held, 'code' | 'reason'>;

export interface Prepared {
  /** Null when nothing can be paid out. */
  readonly batch: Batch | null;
  readonly held: readonly Held[];
}

/**
 * Puts closed, unpaid settlements into a batch whose bank file, and so its hash, is fixed from now on. Left out, with
 * the reason, is what would spoil the batch for all: a merchant who cannot be paid, or whose available balance does not
 * bear the settlement any more (a refund took from it after the close). The ledger still has the last word at approval.
 * Source: docs/adr/0005-settlement-is-a-version-range.md.
 */
export class PrepareBatch {
  constructor(
    private readonly settlements: SettlementStore,
    private readonly payouts: PayoutStore,
    private readonly payees: PayeeBook,
    private readonly tools: {
      ledger: LedgerPort;
      clock: Clock;
      random: Random;
      crash: CrashPoints;
      file: PaymentFile;
      /** False where the PSP pays the merchants. */
      offersFiles: boolean;
    },
  ) {}

  get isOffered(): boolean {
    return this.tools.offersFiles;
  }

  /**
   * @param request.maker  who asks for it, by id or name; may not be the one who approves.
   * @throws Refusal NOT_OFFERED where the PSP pays the merchants; STATE_CONFLICT when another batch took a settlement in the meantime.
   */
  async run(request: { maker: string; makerName?: string }): Promise<Prepared> {
    if (!this.isOffered) {
      throw new Refusal('NOT_OFFERED', {
        rule: 'the PSP pays the merchants: there is no bank file',
        why: 'psp-pays-merchants',
      });
    }
    const { clock, random, file, crash } = this.tools;
    const now = clock.now();
    const batchId = newId('PayoutBatch', now, random);
    const { lines, held } = await this.choose(batchId);
    if (lines.length === 0) return { batch: null, held };
    const executionDate = nextT2BusinessDay(amsterdamDay(now));
    const { sha256 } = file.write({ batchId, createdAt: now, executionDate, lines });
    const batch: Batch = {
      id: batchId,
      state: 'prepared',
      maker: request.maker,
      makerName: request.makerName ?? null,
      checker: null,
      checkerName: null,
      fileSha256: sha256,
      executionDate,
      createdAt: now,
    };
    // Two makers at once: one settlement is in one payout only, so the second batch is refused whole.
    await this.payouts.insertBatch(batch, lines);
    crash.pass('payout.batch-prepared');
    return { batch, held };
  }

  private async choose(batchId: string): Promise<{ lines: Line[]; held: Held[] }> {
    const lines: Line[] = [];
    const held: Held[] = [];
    const promised = await this.payouts.promised();
    const sentBack = await this.payouts.sentBack();
    const changing = await this.payees.changing();
    const purses = new Map<string, Purse>();
    for (const settlement of await this.settlements.toPayOut()) {
      if (lines.length === PAYOUTS_PER_BATCH_MAX) break;
      const { merchantId } = settlement;
      const objection = changing.has(merchantId)
        ? PAYEE_IS_CHANGING
        : objectionOfBank(sentBack.get(merchantId));
      if (objection !== undefined) {
        held.push({ ...settlementFacts(settlement), ...objection });
        continue;
      }
      const purse = purses.get(merchantId) ?? (await this.purseOf(merchantId, promised));
      purses.set(merchantId, purse);
      const line = await this.lineOf(batchId, settlement, purse);
      if ('payout' in line) lines.push(line);
      else held.push({ ...settlementFacts(settlement), ...line });
    }
    return { lines, held };
  }

  /** What the next batch would leave out now, and why. */
  async heldNow(): Promise<readonly Held[]> {
    if (!this.isOffered) return [];
    const at = this.tools.clock.now();
    return (await this.choose(newId('PayoutBatch', at, this.tools.random))).held;
  }

  private async purseOf(merchantId: string, promised: ReadonlyMap<string, Money>): Promise<Purse> {
    const account = await this.tools.ledger.account(`merchant:${merchantId}:available`);
    const free = BigInt(account?.balanceMinor ?? '0') - BigInt(account?.heldMinor ?? '0');
    return new Purse(
      Money.ofMinor(free, 'EUR').minus(promised.get(merchantId) ?? Money.zero('EUR')),
    );
  }

  /** @returns the line of the file, or why there is none. */
  private async lineOf(batchId: string, settlement: Due, purse: Purse): Promise<Line | Objection> {
    const payee = await this.payees.find(settlement.merchantId);
    if (payee === undefined) return { code: 'no-payee', reason: 'the merchant has no payee' };
    const id = newId('Payout', this.tools.clock.now(), this.tools.random);
    const payout: Payout = {
      id,
      settlementId: settlement.id,
      merchantId: settlement.merchantId,
      batchId,
      state: 'prepared',
      amount: settlement.amount,
      // EPC identifiers know no underscore.
      endToEndId: id.replace('_', '-'),
      remittance: `Stuiver ${settlement.id.replace('_', '-')}`,
    };
    const objection = this.tools.file.objectionTo({ payout, payee });
    if (objection !== undefined) {
      return { code: 'not-writable', reason: `no bank would take it: ${objection}` };
    }
    if (!purse.take(settlement.amount)) {
      const reason = 'the merchant’s available balance does not bear it';
      return { code: 'balance-too-low', reason };
    }
    return { payout, payee };
  }
}

const PAYEE_IS_CHANGING: Objection = {
  code: 'payee-changing',
  reason: 'another account was asked for and is not used yet',
};

function objectionOfBank(code: string | undefined): Objection | undefined {
  if (code === undefined) return undefined;
  const reason = `the bank did not keep the merchant’s last payout (${code}): confirm or change the payee`;
  return { code: 'sent-back', reason };
}

function settlementFacts({ id, merchantId, amount }: Due): Omit<Held, 'code' | 'reason'> {
  return { settlementId: id, merchantId, amount };
}
