import type { MonthSummary } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { monthText, mw } from './month-words.js';
import { Shown, Table } from './parts.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** The months of the books, the last first, and how far each one is. */
export function Months() {
  const m = mw.value;
  useTitle(m.monthClose);
  const asked = useAsked<{ months: readonly MonthSummary[] }>('/console/finance/months');
  return (
    <>
      <h1>{m.monthClose}</h1>
      <p class="soft">{m.intro}</p>
      <Shown asked={asked}>
        {({ months }) => (months.length === 0 ? <p>{m.none}</p> : <MonthsTable months={months} />)}
      </Shown>
    </>
  );
}

function MonthsTable({ months }: { months: readonly MonthSummary[] }) {
  const m = mw.value;
  return (
    <Table
      caption={m.monthClose}
      heads={[m.month, cw.value.state, m.preparedBy, m.closedBy]}
      rows={months.map(({ month, state, preparedBy, closedBy }) => ({
        key: month,
        cells: [
          <Link key="to" to={`/finance/months/${month}`}>
            {monthText(month)}
          </Link>,
          m[state],
          preparedBy ?? '–',
          closedBy ?? '–',
        ],
      }))}
    />
  );
}
