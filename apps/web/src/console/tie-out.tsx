import type { TieOut, TieOutRow } from '@stuiver/console-api';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { codeWord } from './code-words.js';
import { csvOf, decimalOf, download } from './csv.js';
import { Amount, Shown, Table, When } from './parts.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

/** PSP, ledger and bank, side by side, to the cent. */
export function TieOutPage() {
  const w = cw.value;
  useTitle(w.tieOut);
  const asked = useAsked<TieOut>('/console/finance/tie-out');
  return (
    <>
      <h1>{w.tieOut}</h1>
      <Shown asked={asked}>
        {(tieOut) => (
          <>
            <p class={tieOut.explained ? 'good' : 'bad'}>
              <span aria-hidden="true">{tieOut.explained ? '✓ ' : '! '}</span>
              {tieOut.explained ? w.allWell : w.notWell} <When at={tieOut.at} />
            </p>
            <Rows rows={tieOut.rows} />
            <button
              type="button"
              class="quiet"
              onClick={() => {
                exportRows(tieOut);
              }}
            >
              {w.exportCsv}
            </button>
          </>
        )}
      </Shown>
    </>
  );
}

function Rows({ rows }: { rows: readonly TieOutRow[] }) {
  const w = cw.value;
  return (
    <Table
      caption={w.tieOut}
      heads={[w.where, w.outside, w.inLedger, w.explained, w.difference]}
      rows={rows.map((row) => ({
        key: row.name,
        cells: [
          <span key="where">
            {codeWord('tieOut', row.name)} <code class="inline">{row.ledger.account}</code>
          </span>,
          <Amount key="outside" minor={row.outside.amountMinor} />,
          <Amount key="ledger" minor={row.ledger.amountMinor} />,
          row.explainedMinor === '0' ? (
            <Amount key="explained" minor="0" />
          ) : (
            <Link key="explained" to="/finance/open">
              <Amount minor={row.explainedMinor} />
            </Link>
          ),
          <Amount key="difference" minor={row.differenceMinor} />,
        ],
      }))}
    />
  );
}

function exportRows({ at, rows }: TieOut): void {
  const heads = ['row', 'outside', 'account', 'ledger', 'explained', 'difference', 'currency'];
  const lines = rows.map((row) => [
    ...[row.name, decimalOf(row.outside.amountMinor), row.ledger.account],
    ...[row.ledger.amountMinor, row.explainedMinor, row.differenceMinor].map(decimalOf),
    'EUR',
  ]);
  download(`stuiver-tie-out-${at.slice(0, 10)}.csv`, csvOf(heads, lines));
}
