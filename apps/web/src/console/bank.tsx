import type { BankLine, StatementDetail, StatementSummary } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useLoaded } from '../parts/use-loaded.js';
import { useTitle } from '../parts/use-title.js';
import { read, upload } from './api.js';
import { Amount, Chip, Facts, Shown, Table } from './parts.js';
import { useAct } from './use-act.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const STATEMENTS = '/console/finance/statements';

export function Statements() {
  const w = cw.value;
  useTitle(w.bank);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <h1>{w.bank}</h1>
      <Import
        onImported={() => {
          setTurn(turn + 1);
        }}
      />
      <Pages<StatementSummary> path={STATEMENTS} empty={w.noStatements} turn={turn}>
        {(statements) => (
          <Table
            caption={w.bank}
            heads={[w.statement, w.date, w.opening, w.closing, w.lines]}
            rows={statements.map((statement) => ({
              key: statement.statementId,
              cells: [
                <Link key="to" to={`/finance/bank/${statement.statementId}`}>
                  {statement.sequence}
                </Link>,
                statement.toDay,
                <Amount key="opening" minor={statement.openingMinor} />,
                <Amount key="closing" minor={statement.closingMinor} />,
                statement.lines,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

function Import({ onImported }: { onImported: () => void }) {
  const w = cw.value;
  const { busy, problem, act } = useAct();
  const [said, setSaid] = useState('');
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    setSaid('');
    act(async () => {
      const done = await upload<StatementSummary>(STATEMENTS, file);
      setSaid(done.repeated ? w.repeated : w.imported.replace('{number}', done.sequence));
      onImported();
    });
  };
  return (
    <div
      class="drop"
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files[0]);
      }}
    >
      <label>
        {w.importFile}
        <input
          type="file"
          accept=".xml,application/xml,text/xml"
          disabled={busy}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
      </label>
      <p role="status">{said}</p>
      <p role="alert">{problem}</p>
    </div>
  );
}

export function StatementPage({ id }: { id: string }) {
  const w = cw.value;
  useTitle(w.statement);
  const loaded = useLoaded(() => read<StatementDetail>(`${STATEMENTS}/${id}`), [id]);
  return (
    <>
      <p>
        <Link to="/finance/bank">{w.back}</Link>
      </p>
      <h1>{w.statement}</h1>
      <Shown loaded={loaded}>
        {(statement) => (
          <>
            <Facts
              facts={[
                [w.account, statement.account],
                [w.date, statement.toDay],
                [w.opening, <Amount key="opening" minor={statement.openingMinor} />],
                [w.closing, <Amount key="closing" minor={statement.closingMinor} />],
              ]}
            />
            <Lines lines={statement.bankLines} />
          </>
        )}
      </Shown>
    </>
  );
}

function Lines({ lines }: { lines: readonly BankLine[] }) {
  const w = cw.value;
  if (lines.length === 0) return <p class="soft">{w.none}</p>;
  return (
    <Table
      caption={w.lines}
      heads={[w.bankLine, w.description, w.state, w.amount]}
      rows={lines.map((line) => ({
        key: line.bankLineId,
        cells: [
          <Link key="to" to={`/finance/lines/${line.bankLineId}`}>
            {line.bookedOn}
          </Link>,
          line.remittance ?? line.counterparty ?? line.endToEndId ?? '–',
          line.matchState,
          <Amount key="sum" minor={line.amountMinor} />,
        ],
      }))}
    />
  );
}

/** What a line of the bank is, and why we think so. */
export function BankLinePage({ id }: { id: string }) {
  const w = cw.value;
  useTitle(w.bankLine);
  const loaded = useLoaded(() => read<BankLine>(`/console/finance/bank-lines/${id}`), [id]);
  return (
    <>
      <h1>{w.bankLine}</h1>
      <Shown loaded={loaded}>
        {(line) => (
          <>
            <p>
              <Link to={`/finance/bank/${line.statementId}`}>{w.statement}</Link>
            </p>
            <Facts
              facts={[
                [w.amount, <Amount key="sum" minor={line.amountMinor} />],
                [w.date, line.bookedOn],
                ['EndToEndId', line.endToEndId === null ? '–' : <Chip id={line.endToEndId} />],
                [w.description, line.remittance ?? '–'],
                [w.state, line.matchState],
                [w.rule, line.rule ?? w.noMatch],
                [w.explanation, line.explanation ?? '–'],
                [w.pspPayout, line.pspPayoutId === null ? '–' : <Chip id={line.pspPayoutId} />],
              ]}
            />
            {line.payout !== null && (
              <p>
                <Link
                  to={`/merchant/${line.payout.merchantId}/settlements/${line.payout.settlementId}`}
                >
                  {w.settlement}
                </Link>
              </p>
            )}
          </>
        )}
      </Shown>
    </>
  );
}
