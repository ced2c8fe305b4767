import type { OpenItem } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { Amount, Table, When } from './parts.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

/** What a person has to look at, oldest matters first in their own words. */
export function OpenItems() {
  const w = cw.value;
  useTitle(w.openItems);
  return (
    <>
      <h1>{w.openItems}</h1>
      <Pages<OpenItem> path="/console/finance/open-items" empty={w.noItems}>
        {(items) => (
          <Table
            caption={w.openItems}
            heads={[w.state, w.since, w.explanation, w.amount]}
            rows={items.map((item) => ({
              key: item.openItemId,
              cells: [
                <Subject key="subject" item={item} />,
                <When key="since" at={item.since} />,
                item.explanation,
                item.amountMinor === null ? '–' : <Amount minor={item.amountMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

function Subject({ item }: { item: OpenItem }) {
  const line = /^bank-line:(\w+)$/.exec(item.subject)?.[1];
  if (line === undefined) return <span>{item.kind}</span>;
  return <Link to={`/finance/lines/${line}`}>{item.kind}</Link>;
}
