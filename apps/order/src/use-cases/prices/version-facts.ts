import { Refusal } from '@stuiver/errors';
import type { AuditFacts } from '@stuiver/ports';
import type { PriceLine } from '../../domain/price-list.js';
import type { PriceVersion } from './price-list-ports.js';

/** As long as a version must be known before it begins: every confirm under way by then is over. */
const LEAD_MS = 60_000;

/** @throws Refusal PARAM_ERROR for prices that would begin now or before */
export function refuseIfTooSoon(validFrom: Date, now: Date, field: string): void {
  if (validFrom.getTime() - now.getTime() >= LEAD_MS) return;
  const rule = 'must be at least a minute ahead: prices never change backwards';
  const value = validFrom.toISOString();
  throw new Refusal('PARAM_ERROR', { field, rule, value, why: 'prices-begin-too-soon' });
}

/** What the audit trail tells of a version: all of it. */
export function factsOf({ list, validFrom, onRefund, lines }: PriceVersion): AuditFacts {
  return { list, validFrom: validFrom.toISOString(), onRefund, lines: lines.map(lineText) };
}

function lineText({ method, basisPoints, fixedMinor, minimumMinor, capMinor, vat }: PriceLine) {
  const bounds = `min ${minimumMinor.toString()} max ${capMinor?.toString() ?? 'none'}`;
  const price = `${basisPoints} bp + ${fixedMinor.toString()}, ${bounds}`;
  return `${method}: ${price}, VAT ${vat.percent} % ${vat.reason}`;
}
