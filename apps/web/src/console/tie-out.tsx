import type { TieOut } from '@stuiver/console-api';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { read } from './api.js';
import { Amount, Shown, Table, When } from './parts.js';
import { cw } from './words.js';

/** PSP, ledger and bank, side by side, to the cent. */
export function TieOutPage() {
  const w = cw.value;
  useTitle(w.tieOut);
  const loaded = useLoaded(() => read<TieOut>('/console/finance/tie-out'), []);
  return (
    <>
      <h1>{w.tieOut}</h1>
      <Shown loaded={loaded}>
        {(tieOut) => (
          <>
            <p class={tieOut.explained ? 'good' : 'bad'}>
              <span aria-hidden="true">{tieOut.explained ? '✓ ' : '! '}</span>
              {tieOut.explained ? w.allWell : w.notWell} <When at={tieOut.at} />
            </p>
            <Table
              caption={w.tieOut}
              heads={[w.outside, w.amount, w.inLedger, w.difference, w.explained]}
              rows={tieOut.rows.map((row) => ({
                key: row.name,
                cells: [
                  `${row.name}: ${row.outside.label}`,
                  <Amount key="outside" minor={row.outside.amountMinor} />,
                  <span key="ledger">
                    {row.ledger.account} <Amount minor={row.ledger.amountMinor} />
                  </span>,
                  <Amount key="difference" minor={row.differenceMinor} />,
                  <Amount key="explained" minor={row.explainedMinor} />,
                ],
              }))}
            />
          </>
        )}
      </Shown>
    </>
  );
}
