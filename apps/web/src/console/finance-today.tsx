import type { CountAndSum, FinanceToday } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { exactDate } from '../parts/near-date.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { language } from '../state.js';
import { read } from './api.js';
import { Amount, Shown } from './parts.js';
import { cw } from './words.js';

/** Is everything all right, and what needs me? */
export function FinanceTodayPage() {
  const w = cw.value;
  useTitle(w.today);
  const loaded = useLoaded(() => read<FinanceToday>('/console/finance/today'), []);
  return (
    <>
      <h1>{w.today}</h1>
      <Shown loaded={loaded}>{(today) => <Overview today={today} />}</Shown>
    </>
  );
}

function Overview({ today }: { today: FinanceToday }) {
  const w = cw.value;
  const cutOff = exactDate(new Date(today.nextCutOffAt), language.value);
  return (
    <>
      <p class={today.tieOut.explained ? 'good' : 'bad'}>
        <span aria-hidden="true">{today.tieOut.explained ? '✓ ' : '! '}</span>
        {today.tieOut.explained ? w.allWell : w.notWell}
      </p>
      <div class="tiles">
        <Tile name={w.toApprove} to="/finance/payouts" figures={today.toApprove} />
        <Tile name={w.toPrepare} to="/finance/payouts" figures={today.toPrepare} />
        <Tile name={w.inFlight} to="/finance/payouts" figures={today.inFlight} />
        <Tile name={w.returned} to="/finance/open" figures={today.returned} />
      </div>
      <h2>{w.openItems}</h2>
      {today.openItems.length === 0 ? (
        <p class="soft">{w.noItems}</p>
      ) : (
        <ul>
          {today.openItems.map(({ kind, count }) => (
            <li key={kind}>
              <Link to="/finance/open">{kind}</Link>: {count}
            </li>
          ))}
        </ul>
      )}
      <p class="soft">
        {w.nextCutOff.replace('{time}', cutOff).replace('{day}', today.nextBusinessDay)}
      </p>
    </>
  );
}

function Tile(props: { name: string; to: string; figures: CountAndSum }) {
  const { name, to, figures } = props;
  return (
    <Link class="tile" to={to}>
      <span>{name}</span>
      <strong>{figures.count}</strong>
      <Amount minor={figures.sumMinor} />
    </Link>
  );
}
