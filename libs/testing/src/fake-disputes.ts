import type { PspDispute, PspPayment } from '@stuiver/psp';

const OPENED_AT = Date.parse('2026-11-23T10:00:00.000Z');
const EVIDENCE_MS = 20 * 86_400_000;

/** The payer's bank at a fake PSP: it takes payments back, or asks about them, and decides. */
export class FakeDisputes {
  readonly all = new Map<string, PspDispute>();

  /** @returns its id. */
  open({ pspReference, amount }: PspPayment, what: 'inquiry' | 'chargeback'): string {
    const id = `du_${String(this.all.size + 1)}`;
    const openedAt = new Date(OPENED_AT + this.all.size * 1_000);
    const isInquiry = what === 'inquiry';
    this.all.set(id, {
      ...{ pspReference: id, payment: pspReference, amount, reason: 'fraudulent', openedAt },
      state: isInquiry ? 'inquiry' : 'open',
      evidenceDueAt: new Date(openedAt.getTime() + EVIDENCE_MS),
      withdrawn: isInquiry ? null : { amount, at: openedAt },
      returned: null,
    });
    return id;
  }

  decide(id: string, outcome: 'won' | 'lost'): void {
    const dispute = this.all.get(id);
    if (dispute === undefined) throw new Error(`the fake PSP has no dispute ${id}`);
    this.all.set(id, decided(dispute, outcome));
  }

  takes(payment: string): boolean {
    return [...this.all.values()].some(
      (one) => one.payment === payment && (one.state === 'open' || one.state === 'lost'),
    );
  }

  since(moment: Date): readonly string[] {
    const found = [...this.all.values()].filter(({ openedAt }) => openedAt >= moment);
    return found.map(({ pspReference }) => pspReference);
  }
}

function decided(dispute: PspDispute, outcome: 'won' | 'lost'): PspDispute {
  const { state, amount, openedAt: at } = dispute;
  if (state === 'inquiry') {
    return outcome === 'won'
      ? { ...dispute, state: 'closed' }
      : { ...dispute, state: 'open', withdrawn: { amount, at } };
  }
  if (state !== 'open') return dispute;
  return { ...dispute, state: outcome, returned: outcome === 'won' ? { amount, at } : null };
}
