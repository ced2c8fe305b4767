import type { NextPayout } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { me } from './api.js';
import { codeWord } from './code-words.js';
import { MerchantPayeePart } from './merchant-payee.js';
import { amsterdamText, Amount, dayText, euros, Shown, Table } from './parts.js';
import { SettleNow } from './settlement-terms.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** What do I get next, when, and why? */
export function MerchantToday({ mchid }: { mchid: string }) {
  const w = cw.value;
  useTitle(w.today);
  const asked = useAsked<NextPayout>(`/console/merchants/${mchid}/settlements/next`);
  return (
    <>
      <h1>{w.nextPayout}</h1>
      <Shown asked={asked}>
        {(next) => (
          <>
            <Next mchid={mchid} next={next} />
            <SettleNow mchid={mchid} next={next} onSettled={asked.again} />
          </>
        )}
      </Shown>
      {me.value?.pspPaysMerchants !== true && <MerchantPayeePart key={mchid} mchid={mchid} />}
    </>
  );
}

function Next({ mchid, next }: { mchid: string; next: NextPayout }) {
  const w = cw.value;
  const why = w.nextPayoutWhy
    .replace('{time}', amsterdamText(next.nextCutOffAt))
    .replace('{day}', dayText(next.nextBusinessDay));
  return (
    <>
      <p class="headline">
        <Amount minor={next.sumMinor} />
      </p>
      <p>{next.notSettled === null ? why : carriedOn(next)}</p>
      <To next={next} />
      <Parts next={next} />
      {next.underWay.count > 0 && (
        <p>
          {w.underWay}: <Amount minor={next.underWay.sumMinor} />.{' '}
          <Link to={`/merchant/${mchid}/settlements`}>{w.settlements}</Link>
        </p>
      )}
    </>
  );
}

/** Why it is not settled today, and when it is. */
function carriedOn({ notSettled, nextTurn, terms }: NextPayout): string {
  const w = cw.value;
  const amount = euros(terms.minimumMinor);
  if (notSettled === 'when-asked') return w.settledWhenAsked;
  if (notSettled === 'below-minimum') return w.settledFrom.replace('{amount}', amount);
  return w.settledOn.replace('{day}', nextTurn === null ? '' : dayText(nextTurn));
}

/** Which account, or why nothing can go. */
function To({ next }: { next: NextPayout }) {
  const w = cw.value;
  if (next.sentBackCode !== null) {
    const reason = codeWord('bankReason', next.sentBackCode);
    return <p class="bad">! {w.sentBackNote.replace('{reason}', reason)}</p>;
  }
  if (next.ibanLast4 === null) return <p class="person">● {w.noAccount}</p>;
  return <p class="soft">{w.toAccount.replace('{last4}', next.ibanLast4)}</p>;
}

/** Line by line, down to the sum. */
function Parts({ next }: { next: NextPayout }) {
  const w = cw.value;
  const open = next.parts.map(({ purpose, count, amountMinor }) => ({
    key: purpose,
    cells: [
      `${w.sinceLast}: ${codeWord('purpose', purpose)}`,
      count,
      <Amount key="sum" minor={amountMinor} />,
    ],
  }));
  const { closed } = next;
  const rows = [
    ...(closed.count === 0
      ? []
      : [
          {
            key: 'closed',
            cells: [w.closedWaiting, closed.count, <Amount key="sum" minor={closed.sumMinor} />],
          },
        ]),
    ...open,
  ];
  if (rows.length === 0) return <p class="soft empty">{w.nothingSince}</p>;
  const count = next.parts.reduce((total, part) => total + part.count, closed.count);
  const sum = { key: 'sum', cells: [w.sum, count, <Amount key="sum" minor={next.sumMinor} />] };
  return <Table caption={w.nextPayout} heads={[w.kind, w.count, w.amount]} rows={[...rows, sum]} />;
}
