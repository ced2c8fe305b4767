import type { Money } from '@stuiver/money';
import type { OpenedAttempt } from '../../../use-cases/open-attempt.js';
import type { ShownPerson } from '../../../use-cases/find-person.js';

export interface SheetLine {
  readonly name: string;
  readonly quantity: number;
  readonly unit_price_minor: string;
}

const LINES_MAX = 20;

/** What the sheet shows: the server's order, never what the page said. */
export function presentSheet(
  opened: OpenedAttempt,
  payer: { person: ShownPerson; availableMinor: bigint | null; offersCards: boolean },
): object {
  const { attempt, order, prepay, payee } = opened;
  // Without a PIN a wallet cannot be confirmed: a guest pays at the bank.
  const wallet = payer.person.hasPin ? walletOf(payer.availableMinor, order.amount) : null;
  const expiresAt = prepay.expiresAt < order.expiresAt ? prepay.expiresAt : order.expiresAt;
  return {
    ...{ attempt_id: attempt.id, state: attempt.state, payee: { name: payee.merchantName } },
    amount: { total_minor: order.amount.minor.toString(), currency: order.amount.currency },
    ...{ description: order.description, lines: linesOf(order.extra) },
    expires_at: expiresAt.toISOString(),
    sources: [
      ...(wallet === null ? [] : [wallet]),
      { method: 'ideal' },
      ...(payer.offersCards ? [{ method: 'card' }] : []),
    ],
    preferred: wallet?.enough === true ? 'wallet' : 'ideal',
  };
}

/** @param availableMinor  null where wallets have no balance. */
function walletOf(
  availableMinor: bigint | null,
  amount: Money,
): { method: string; available_minor: string; enough: boolean; needs_pin: boolean } | null {
  if (availableMinor === null) return null;
  const enough = availableMinor >= amount.minor;
  return { method: 'wallet', available_minor: availableMinor.toString(), enough, needs_pin: true };
}

/** The goods as the merchant listed them; what is not listed properly is left out. */
function linesOf(extra: Readonly<Record<string, unknown>>): readonly SheetLine[] {
  const { detail } = extra as { detail?: { goods_detail?: unknown } | null };
  const goods = detail?.goods_detail;
  if (!Array.isArray(goods)) return [];
  return goods.slice(0, LINES_MAX).flatMap(lineOf);
}

function lineOf(goods: unknown): SheetLine[] {
  if (typeof goods !== 'object' || goods === null) return [];
  const { goods_name, merchant_goods_id, quantity, unit_price } = goods as Record<string, unknown>;
  const name = goods_name ?? merchant_goods_id;
  if (typeof name !== 'string' || !Number.isSafeInteger(quantity)) return [];
  if (!Number.isSafeInteger(unit_price)) return [];
  return [{ name, quantity: Number(quantity), unit_price_minor: String(unit_price) }];
}
