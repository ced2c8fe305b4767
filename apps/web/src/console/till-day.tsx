import type { CounterDay } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { language } from '../state.js';
import { me } from './api.js';
import { codeWord } from './code-words.js';
import { csvOf, decimalOf, download } from './csv.js';
import { Amount, dayText, Shown, Table } from './parts.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** What came in at the counter on a day, and how much of it at the till. */
export function TillDay(props: { mchid: string; path: string; today: CounterDay }) {
  const { mchid, path, today } = props;
  const w = cw.value;
  const [day, setDay] = useState(today.day);
  return (
    <section>
      <h2>
        {w.tillDay}: {dayText(day)}
      </h2>
      {day === today.day ? (
        <Received mchid={mchid} day={today} />
      ) : (
        <OtherDay mchid={mchid} path={`${path}/days/${day}`} />
      )}
      <label class="till-choose">
        {w.tillDayChoose}{' '}
        <input
          type="date"
          max={today.day}
          value={day}
          onChange={(event) => {
            const { value } = event.currentTarget;
            setDay(value === '' ? today.day : value);
          }}
        />
      </label>
    </section>
  );
}

function OtherDay({ mchid, path }: { mchid: string; path: string }) {
  const asked = useAsked<CounterDay>(path);
  return <Shown asked={asked}>{(day) => <Received mchid={mchid} day={day} />}</Shown>;
}

function Received({ mchid, day }: { mchid: string; day: CounterDay }) {
  const w = cw.value;
  const till = day.totals.find(({ kind }) => kind === 'till');
  const others = day.totals.filter(({ kind }) => kind !== 'till');
  const refunded = day.totals.reduce((sum, { refundedMinor }) => sum + BigInt(refundedMinor), 0n);
  return (
    <>
      <p class="headline">
        <Amount minor={till?.sumMinor ?? '0'} />
      </p>
      <p class="soft">{w.tillTotal.replace('{count}', String(till?.count ?? 0))}</p>
      {others.length > 0 && (
        <ul class="plain">
          {others.map(({ kind, count, sumMinor }) => (
            <li key={kind}>
              {w.tillAlso}: <Amount minor={sumMinor} /> ({count} × {codeWord('counter', kind)})
            </li>
          ))}
        </ul>
      )}
      {refunded > 0n && (
        <p>
          {w.tillRefunded}: <Amount minor={refunded.toString()} />
        </p>
      )}
      <Payments mchid={mchid} day={day} />
      {day.totals.length > 0 && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            download(`counter-${mchid}-${day.day}.csv`, totalsCsv(day));
          }}
        >
          {w.exportCsv}
        </button>
      )}
    </>
  );
}

/** The day's sums, of all payments: the list on the page is of the latest only. */
function totalsCsv({ day, totals }: CounterDay): string {
  const heads = ['day', 'kind', 'payments', 'sum', 'refunded', 'currency'];
  return csvOf(
    heads,
    totals.map(({ kind, count, sumMinor, refundedMinor }) => [
      ...[day, kind, String(count), decimalOf(sumMinor), decimalOf(refundedMinor)],
      'EUR',
    ]),
  );
}

function Payments({ mchid, day }: { mchid: string; day: CounterDay }) {
  const w = cw.value;
  if (day.payments.length === 0) return <p class="soft empty">{w.tillEmpty}</p>;
  const seesOrders = me.value?.roles.some((role) => role !== 'cashier') === true;
  return (
    <Table
      caption={w.tillDay}
      heads={[w.tillTime, w.description, w.tillWhere, w.amount]}
      rows={day.payments.map((payment) => ({
        key: payment.orderId,
        cells: [
          timeText(payment.paidAt),
          seesOrders ? (
            <Link key="to" to={`/merchant/${mchid}/orders/${payment.orderId}`}>
              {payment.description}
            </Link>
          ) : (
            payment.description
          ),
          codeWord('counter', payment.kind),
          <Amount key="sum" minor={payment.amountMinor} />,
        ],
      }))}
    />
  );
}

/** The clock on the shop's wall is that of Amsterdam. */
function timeText(at: string): string {
  const style = { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' } as const;
  return new Intl.DateTimeFormat(language.value === 'nl' ? 'nl-NL' : 'en-IE', style).format(
    new Date(at),
  );
}
