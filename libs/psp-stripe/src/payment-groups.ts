import type Stripe from 'stripe';
import { inOurWords } from './outcomes.js';

type Source = Exclude<Stripe.BalanceTransaction['source'], string | null>;

/**
 * A payment to a connected account moves money several times: the charge, the transfer to the merchant, our fee back
 * from there, and all of it again when it is refunded. Stripe ties them by the transfer group, which is our reference;
 * this finds it for each, asking Stripe only for what the page itself does not say.
 */
export class PaymentGroups {
  private readonly ofCharge = new Map<string, string | null>();
  private readonly ofTransfer = new Map<string, string | null>();
  private readonly ofFee = new Map<string, string | null>();

  constructor(
    private readonly stripe: Stripe,
    page: readonly Stripe.BalanceTransaction[],
  ) {
    for (const { source } of page) {
      if (source === null || typeof source === 'string') continue;
      if (source.object === 'charge') this.ofCharge.set(source.id, source.transfer_group);
      if (source.object === 'transfer') this.ofTransfer.set(source.id, source.transfer_group);
    }
  }

  /** Our reference of the payment; null where money moves once. @throws PspUnknownOutcome */
  async of({ source }: Stripe.BalanceTransaction): Promise<string | null> {
    if (source === null || typeof source === 'string') return null;
    const id = pointerOf(source);
    if (id === null) return null;
    return this[id.kind](id.id);
  }

  private charge(id: string): Promise<string | null> {
    return remembered(this.ofCharge, id, async () => {
      const charge = await inOurWords(() => this.stripe.charges.retrieve(id));
      return charge.transfer_group;
    });
  }

  private transfer(id: string): Promise<string | null> {
    return remembered(this.ofTransfer, id, async () => {
      const transfer = await inOurWords(() => this.stripe.transfers.retrieve(id));
      return transfer.transfer_group;
    });
  }

  private fee(id: string): Promise<string | null> {
    return remembered(this.ofFee, id, async () => {
      const fee = await inOurWords(() => this.stripe.applicationFees.retrieve(id));
      return this.charge(idOf(fee.originating_transaction ?? fee.charge));
    });
  }
}

interface Pointer {
  readonly kind: 'charge' | 'transfer' | 'fee';
  readonly id: string;
}

/** From which object the group of this one is read; others belong to no payment. */
function pointerOf(source: Source): Pointer | null {
  if (source.object === 'charge') return { kind: 'charge', id: source.id };
  if (source.object === 'transfer') return { kind: 'transfer', id: source.id };
  if (source.object === 'transfer_reversal') return { kind: 'transfer', id: idOf(source.transfer) };
  if (source.object === 'fee_refund') return { kind: 'fee', id: idOf(source.fee) };
  const charge = source.object === 'dispute' ? source.charge : chargeOf(source);
  return charge === null ? null : { kind: 'charge', id: idOf(charge) };
}

function chargeOf(source: Source): string | Stripe.Charge | null {
  if (source.object === 'refund') return source.charge;
  if (source.object !== 'application_fee') return null;
  return source.originating_transaction ?? source.charge;
}

async function remembered(
  known: Map<string, string | null>,
  id: string,
  ask: () => Promise<string | null>,
): Promise<string | null> {
  const found = known.get(id);
  if (found !== undefined) return found;
  const answer = await ask();
  known.set(id, answer);
  return answer;
}

function idOf(thing: string | { readonly id: string }): string {
  return typeof thing === 'string' ? thing : thing.id;
}
