import type {
  BankAnswerSummary,
  BankLine,
  StatementDetail,
  StatementSummary,
} from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { upload } from './api.js';
import { codeWord } from './code-words.js';
import { csvOf, decimalOf, download } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Day, Facts, Shown, Table, Trouble } from './parts.js';
import { State } from './states.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const STATEMENTS = '/console/finance/statements';
const ANSWERS = '/console/finance/bank-answers';
/** A message says what it is in its first element. */
const HEAD_BYTES = 4_096;
const IS_ANSWER = /xsd:pain\.002\.001\.\d\d/;
const NAMES = ['q', 'state'];
const STATEMENTS_CSV = {
  name: 'stuiver-statements',
  heads: [
    'statement',
    'number',
    'account',
    'from',
    'to',
    'opening',
    'closing',
    'currency',
    'lines',
    'imported_at',
  ],
  row: (statement: StatementSummary) => [
    ...[statement.statementId, statement.sequence, statement.account, statement.fromDay],
    ...[statement.toDay, decimalOf(statement.openingMinor), decimalOf(statement.closingMinor)],
    ...['EUR', String(statement.lines), statement.importedAt],
  ],
};
const LINES_CSV = {
  name: 'stuiver-bank-lines',
  heads: [
    'line',
    'statement',
    'booked_on',
    'end_to_end_id',
    'description',
    'counterparty',
    'state',
    'rule',
    'amount',
    'currency',
  ],
  row: (line: BankLine) => [
    ...[line.bankLineId, line.statementId, line.bookedOn, line.endToEndId ?? ''],
    ...[line.remittance ?? '', line.counterparty ?? '', line.matchState, line.rule ?? ''],
    ...[decimalOf(line.amountMinor), line.currency],
  ],
};

export function Statements() {
  const w = cw.value;
  useTitle(w.bank);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <h1>{w.bank}</h1>
      <BankTabs />
      <Import
        onImported={() => {
          setTurn((before) => before + 1);
        }}
      />
      <Pages<StatementSummary>
        key={turn}
        path={STATEMENTS}
        empty={w.noStatements}
        csv={STATEMENTS_CSV}
      >
        {(statements) => (
          <Table
            caption={w.statements}
            heads={[w.statement, w.date, w.lines, w.opening, w.closing]}
            rows={statements.map((statement) => ({
              key: statement.statementId,
              cells: [
                <Link key="to" to={`/finance/bank/${statement.statementId}`}>
                  {statement.sequence === '' ? w.statement : statement.sequence}
                </Link>,
                <Day key="day" day={statement.toDay} />,
                statement.lines,
                <Amount key="opening" minor={statement.openingMinor} />,
                <Amount key="closing" minor={statement.closingMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

/** Statements, or each line of them. */
function BankTabs() {
  return (
    <nav class="tabs" aria-label={cw.value.bank}>
      <Link to="/finance/bank">{cw.value.statements}</Link>
      <Link to="/finance/lines">{cw.value.bankLines}</Link>
    </nav>
  );
}

function Import({ onImported }: { onImported: () => void }) {
  const w = cw.value;
  const { busy, error, act } = useAct();
  const [said, setSaid] = useState('');
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    act(async () => {
      setSaid(w.importing.replace('{name}', file.name));
      const said = await importFile(file).catch((failure: unknown) => {
        setSaid('');
        throw failure;
      });
      setSaid(said);
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
        <span class="button">{w.chooseFile}</span>
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
      <span class="soft">{w.importHint}</span>
      {busy && <progress aria-label={said} />}
      <p role="status">{said}</p>
      <Trouble error={error} />
    </div>
  );
}

/** A statement, or the bank's answer to a payment file. @returns what became of it, in words. */
async function importFile(file: File): Promise<string> {
  const w = cw.value;
  if (IS_ANSWER.test(await file.slice(0, HEAD_BYTES).text())) {
    const answer = await upload<BankAnswerSummary>(ANSWERS, file);
    if (answer.repeated) return w.answerRepeated;
    const words = answer.contradicting > 0 ? w.answerContradicts : w.answerImported;
    return words
      .replace('{accepted}', String(answer.accepted))
      .replace('{rejected}', String(answer.rejected));
  }
  const statement = await upload<StatementSummary>(STATEMENTS, file);
  return statement.repeated ? w.repeated : w.imported.replace('{number}', statement.sequence);
}

export function StatementPage({ id }: { id: string }) {
  const w = cw.value;
  useTitle(w.statement);
  const asked = useAsked<StatementDetail>(`${STATEMENTS}/${id}`);
  return (
    <>
      <p>
        <Link back to="/finance/bank">
          {w.back}
        </Link>
      </p>
      <h1>{w.statement}</h1>
      <Shown asked={asked}>{(statement) => <Statement statement={statement} />}</Shown>
    </>
  );
}

function Statement({ statement }: { statement: StatementDetail }) {
  const w = cw.value;
  const { bankLines } = statement;
  return (
    <>
      <Facts
        facts={[
          [w.account, statement.account],
          [w.date, <Day key="day" day={statement.toDay} />],
          [w.opening, <Amount key="opening" minor={statement.openingMinor} />],
          [w.closing, <Amount key="closing" minor={statement.closingMinor} />],
        ]}
      />
      {bankLines.length === 0 ? <p class="soft">{w.none}</p> : <Lines lines={bankLines} />}
      {bankLines.length > 0 && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            const name = `stuiver-statement-${statement.toDay}.csv`;
            download(name, csvOf(LINES_CSV.heads, bankLines.map(LINES_CSV.row)));
          }}
        >
          {w.exportCsv}
        </button>
      )}
    </>
  );
}

export function BankLines() {
  const w = cw.value;
  useTitle(w.bankLines);
  return (
    <>
      <h1>{w.bankLines}</h1>
      <BankTabs />
      <Filters
        names={NAMES}
        hint={w.searchLines}
        choices={[
          {
            name: 'state',
            label: w.state,
            options: (['open', 'matched'] as const).map(
              (state) => [state, codeWord('match', state)] as const,
            ),
          },
        ]}
      />
      <Pages<BankLine>
        path="/console/finance/bank-lines"
        query={queryOf(NAMES)}
        empty={w.noLines}
        csv={LINES_CSV}
      >
        {(lines) => <Lines lines={lines} />}
      </Pages>
    </>
  );
}

function Lines({ lines }: { lines: readonly BankLine[] }) {
  const w = cw.value;
  return (
    <Table
      caption={w.lines}
      heads={[w.bankLine, w.description, w.state, w.amount]}
      rows={lines.map((line) => ({
        key: line.bankLineId,
        cells: [
          <Link key="to" to={`/finance/lines/${line.bankLineId}`}>
            <Day day={line.bookedOn} />
          </Link>,
          line.remittance ?? line.counterparty ?? line.endToEndId ?? '–',
          <State key="state" of="match" code={line.matchState} />,
          <Amount key="sum" minor={line.amountMinor} />,
        ],
      }))}
    />
  );
}
