import type { CountAndSum, FinanceToday } from '@stuiver/console-api';
import { useEffect, useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { codeWord } from './code-words.js';
import { Cash } from './cash.js';
import { iw } from './item-words.js';
import { amsterdamText, Amount, dayText, Shown } from './parts.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const MINUTE_MS = 60_000;

/** Is everything all right, and what needs me? */
export function FinanceTodayPage() {
  const w = cw.value;
  useTitle(w.today);
  const asked = useAsked<FinanceToday>('/console/finance/today');
  return (
    <>
      <h1>{w.today}</h1>
      <Shown asked={asked}>{(today) => <Overview today={today} />}</Shown>
    </>
  );
}

function Overview({ today }: { today: FinanceToday }) {
  const w = cw.value;
  return (
    <>
      <p class={today.tieOut.explained ? 'good' : 'bad'}>
        <span aria-hidden="true">{today.tieOut.explained ? '✓ ' : '! '}</span>
        <Link to="/finance/tie-out">{today.tieOut.explained ? w.allWell : w.notWell}</Link>
      </p>
      <div class="tiles">
        <Tile name={w.toApprove} to="/finance/payouts?state=prepared" figures={today.toApprove} />
        <Tile name={w.toPrepare} to="/finance/payouts" figures={today.toPrepare} />
        <Tile name={w.inFlight} to="/finance/payouts/all?state=exported" figures={today.inFlight} />
        <Tile name={w.returned} to="/finance/open" figures={today.returned} />
      </div>
      <CutOff at={today.nextCutOffAt} day={today.nextBusinessDay} />
      <Cash />
      <ByAge ages={today.exceptionsByAge} />
      <h2>{w.openItems}</h2>
      {today.openItems.length === 0 ? (
        <p class="soft">{w.noItems}</p>
      ) : (
        <ul class="plain">
          {today.openItems.map(({ kind, count }) => (
            <li key={kind}>
              <Link to={`/finance/open?kind=${kind}`}>{codeWord('item', kind)}</Link>: {count}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Bars as long as there are many; the words and the numbers say the same. */
function ByAge({ ages }: { ages: FinanceToday['exceptionsByAge'] }) {
  const most = Math.max(1, ...ages.map(({ count }) => count));
  return (
    <>
      <h2>{iw.value.byAge}</h2>
      <ul class="plain ages">
        {ages.map(({ age, count }) => (
          <li key={age}>
            <Link to={`/finance/open?age=${age}`}>{codeWord('itemAge', age)}</Link>
            <meter aria-hidden="true" min={0} max={most} value={count} />
            <strong>{count}</strong>
          </li>
        ))}
      </ul>
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

/** Counts down by the minute; a screen reader hears the moment itself, once. */
function CutOff({ at, day }: { at: string; day: string }) {
  const w = cw.value;
  const left = useMinutesUntil(at);
  const time = w.hours
    .replace('{hours}', String(Math.floor(left / 60)))
    .replace('{minutes}', String(left % 60));
  const text = w.cutOffAt.replace('{time}', amsterdamText(at)).replace('{day}', dayText(day));
  return (
    <p class="cut-off">
      <strong>{w.cutOff.replace('{time}', time)}</strong>
      <span class="soft"> {text}</span>
    </p>
  );
}

function useMinutesUntil(at: string): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, MINUTE_MS / 2);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return Math.max(0, Math.floor((new Date(at).getTime() - now) / MINUTE_MS));
}
