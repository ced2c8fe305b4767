import {
  type LedgerCommand,
  type LedgerPort,
  paymentCommand,
  topUpCommand,
} from '@stuiver/contracts';
import { invariant } from '@stuiver/errors';
import { newUuid } from '@stuiver/ids';
import { SystemClock, SystemRandom } from '@stuiver/ports';
import { measure } from './measure.js';

const PAYERS = 10_000;
export const MERCHANTS = { spread: 2_000, hot: 1 } as const;
/** A payment with a fee. */
export const TRANSFERS_PER_PAYMENT = 2;
export type Place = keyof typeof MERCHANTS;
export const PLACES = ['spread', 'hot'] as const satisfies Place[];

const FILL_CALLERS = 512;
const FILL_MINOR = '100000000';
const FEE_MINOR = '10';
const random = new SystemRandom();
const clock = new SystemClock();

export interface PaymentPlan {
  readonly index: number;
  readonly place: Place;
  /** Without one a payment is one transfer. */
  readonly fee?: boolean;
  /** From a wallet that has nothing: refused. */
  readonly poor?: boolean;
}

export function payment({ index, place, fee = true, poor = false }: PaymentPlan): LedgerCommand {
  return paymentCommand({
    orderId: `ord_bench${String(index)}`,
    attemptId: newUuid(random),
    merchantId: String(1_900_000_000 + ((index * 7) % MERCHANTS[place])),
    funds: { kind: 'wallet', userId: poor ? `usr_poor${String(index % PAYERS)}` : payer(index) },
    method: 'wallet',
    amountMinor: '350',
    feeMinor: fee ? FEE_MINOR : '0',
    currency: 'EUR',
    pspReference: null,
    succeededAt: now(),
  });
}

/** Never expires and is never captured: it only stands there. */
export function hold(index: number): LedgerCommand {
  return {
    ...{ kind: 'hold-place', id: newUuid(random), effectiveAt: now(), expiresAt: null },
    ...{ account: `user:${payer(index)}:wallet`, amountMinor: '1', currency: 'EUR' },
  };
}

export async function book(
  port: Pick<LedgerPort, 'submit'>,
  command: LedgerCommand,
): Promise<void> {
  const { outcome } = await port.submit(command);
  invariant(outcome === 'posted', 'what is measured is booked');
}

export async function fillWallets(port: Pick<LedgerPort, 'submit'>): Promise<void> {
  await measure({
    name: 'fill',
    n: PAYERS,
    concurrency: FILL_CALLERS,
    one: (index) => book(port, topUp(payer(index))),
  });
}

function topUp(userId: string): LedgerCommand {
  return topUpCommand({
    topUpId: newUuid(random),
    userId,
    psp: 'stripe',
    method: 'ideal',
    amountMinor: FILL_MINOR,
    currency: 'EUR',
    pspReference: 'bench',
    succeededAt: now(),
  });
}

function payer(index: number): string {
  return `usr_bench${String((index * 13) % PAYERS)}`;
}

function now(): string {
  return clock.now().toISOString();
}
