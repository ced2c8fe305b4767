import type { CashAgainstLiabilities, CashRow } from '@stuiver/console-api';
import { accountName, mw } from './month-words.js';
import { Amount, euros, Shown } from './parts.js';
import { useAsked } from './use-asked.js';

/** Whether all that we owe others is there, at the PSP or the bank. */
export function Cash() {
  const m = mw.value;
  const asked = useAsked<CashAgainstLiabilities>('/console/finance/cash');
  return (
    <>
      <h2>{m.cash}</h2>
      <Shown asked={asked}>{(cash) => <Figures cash={cash} />}</Shown>
    </>
  );
}

function Figures({ cash }: { cash: CashAgainstLiabilities }) {
  const m = mw.value;
  const [held, owed] = [BigInt(cash.heldMinor), BigInt(cash.owedMinor)];
  if (held === 0n && owed === 0n) return <p class="soft">{m.noCash}</p>;
  const isCovered = held >= owed;
  const left = String(isCovered ? held - owed : owed - held);
  const text = (isCovered ? m.covered : m.short).replace('{amount}', euros(left));
  const most = Number(held > owed ? held : owed);
  return (
    <>
      <p class={isCovered ? 'good' : 'bad'}>
        <span aria-hidden="true">{isCovered ? '✓ ' : '! '}</span>
        {text}
      </p>
      {!isCovered && <p class="soft">{m.shortHint}</p>}
      <Side name={m.held} sum={cash.heldMinor} most={most} rows={cash.held} />
      <Side name={m.owed} sum={cash.owedMinor} most={most} rows={cash.owed} />
    </>
  );
}

/** A bar as long as there is much; the words and the figures say the same. */
function Side(props: { name: string; sum: string; most: number; rows: readonly CashRow[] }) {
  const { name, sum, most, rows } = props;
  return (
    <details class="cash">
      <summary>
        {name} <strong>{euros(sum)}</strong>
        <meter aria-hidden="true" min={0} max={most} value={Math.max(0, Number(sum))} />
      </summary>
      <ul class="plain">
        {rows.map(({ account, amountMinor }) => (
          <li key={account}>
            {accountName(account) ?? account}: <Amount minor={amountMinor} />
          </li>
        ))}
      </ul>
    </details>
  );
}
