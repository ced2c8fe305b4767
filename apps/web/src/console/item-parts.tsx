import type { OpenItem } from '@stuiver/console-api';
import { iw } from './item-words.js';
import { Day, When } from './parts.js';
import { cw } from './words.js';

export const ITEMS = '/console/finance/open-items';

/** Nothing is late before its time; what has none waits for a person now. */
export function Due({ at }: { at: string | null }) {
  if (at === null) return <span class="person">● {cw.value.lookNow}</span>;
  return <When at={at} />;
}

/** Where an item is looked at. */
const PLACES: Readonly<Record<string, (id: string) => string>> = {
  'bank-line': (id) => `/finance/lines/${id}`,
  payout: (id) => `/finance/payouts/all?q=${id}`,
  statement: (id) => `/finance/bank/${id}`,
  merchant: (id) => `/merchant/${id}`,
};

/** The page of what an item is about; undefined when there is none. */
export function placeOf(subject: string): string | undefined {
  const [kind = '', id = ''] = subject.split(':');
  return PLACES[kind]?.(id);
}

/** The day finance set itself; late is said in a word, not in colour alone. */
export function Deadline({ item }: { item: Pick<OpenItem, 'deadline' | 'isLate'> }) {
  if (item.deadline === null) return <>–</>;
  return (
    <span class={item.isLate ? 'person' : undefined}>
      {item.isLate && `● ${iw.value.late}: `}
      <Day day={item.deadline} />
    </span>
  );
}
