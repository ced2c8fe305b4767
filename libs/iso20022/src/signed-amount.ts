import { Money } from '@stuiver/money';
import { refuse, type XmlElement } from './xml-reader.js';
import { needText } from './xml-values.js';

/** The amount, below zero when the element says that it is a debit. */
export function signed(element: XmlElement, amount: Money): Money {
  const side = needText(element, 'CdtDbtInd');
  if (side === 'CRDT') return amount;
  if (side === 'DBIT') return Money.zero('EUR').minus(amount);
  return refuse(`${element.path}/CdtDbtInd`, 'must be CRDT or DBIT');
}
