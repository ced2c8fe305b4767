import { newId } from '@stuiver/ids';
import { Refusal } from '@stuiver/errors';
import type { Clock, Random } from '@stuiver/ports';
import { payableOf } from '../domain/statement.js';
import { nextT2BusinessDay } from '../domain/t2-calendar.js';
import type {
  Batch,
  PayeeBook,
  PaymentFile,
  Payout,
  PayoutStore,
  SettlementStore,
} from './ports.js';

const PAYOUTS_PER_BATCH_MAX = 20_000;

/** Puts every closed, unpaid settlement into a batch whose bank file, and so its hash, is fixed from now on. */
export class PrepareBatch {
  constructor(
    private readonly settlements: SettlementStore,
    private readonly payouts: PayoutStore,
    private readonly payees: PayeeBook,
    private readonly tools: { clock: Clock; random: Random; file: PaymentFile },
  ) {}

  /**
   * @param request.maker  who asks for it; may not be the one who approves.
   * @throws Refusal NOTHING_TO_SETTLE when no merchant has anything to be paid out.
   */
  async run(request: { maker: string }): Promise<Batch> {
    const { clock, random, file } = this.tools;
    const now = clock.now();
    const batchId = newId('PayoutBatch', now, random);
    const lines = await this.linesOf(batchId);
    if (lines.length === 0) throw new Refusal('NOTHING_TO_SETTLE', { rule: 'nothing is due' });
    const executionDate = nextT2BusinessDay(amsterdamDay(now));
    const { sha256 } = file.write({ batchId, createdAt: now, executionDate, lines });
    const batch: Batch = {
      id: batchId,
      state: 'prepared',
      maker: request.maker,
      checker: null,
      fileSha256: sha256,
      executionDate,
      createdAt: now,
    };
    // Two makers at once: one settlement is in one payout only, so the second batch is refused whole.
    await this.payouts.insertBatch(batch, lines);
    return batch;
  }

  private async linesOf(
    batchId: string,
  ): Promise<{ payout: Payout; payee: { merchantId: string; name: string; iban: string } }[]> {
    const due = (await this.settlements.toPayOut()).slice(0, PAYOUTS_PER_BATCH_MAX);
    const lines = [];
    for (const settlement of due) {
      const payee = await this.payees.find(settlement.merchantId);
      if (payee === undefined) continue;
      const id = newId('Payout', this.tools.clock.now(), this.tools.random);
      const payout: Payout = {
        id,
        settlementId: settlement.id,
        merchantId: settlement.merchantId,
        batchId,
        state: 'prepared',
        amount: payableOf(settlement.amount),
        // EPC identifiers know no underscore.
        endToEndId: id.replace('_', '-'),
        remittance: `Stuiver ${settlement.id.replace('_', '-')}`,
      };
      lines.push({ payout, payee });
    }
    return lines;
  }
}

function amsterdamDay(at: Date): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Amsterdam' }).format(at);
}
