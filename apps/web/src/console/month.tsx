import type { MonthDetail, MonthFinding } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { Confirm, Field } from './confirm.js';
import { accountName, monthText, mw } from './month-words.js';
import { amsterdamText, Amount, Chip, euros, Facts, Shown, Table } from './parts.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const MONTHS = '/console/finance/months';
/** Where one sees to what is open; what the ledger has not booked yet comes by itself. */
const WHERE: Readonly<Partial<Record<MonthFinding, string>>> = {
  'statement-missing': '/finance/bank',
  'exceptions-open': '/finance/open',
  'tie-out-differs': '/finance/tie-out',
};

/** One month: what is open, its figures, who prepared it, and the way to close it. */
export function MonthPage({ month }: { month: string }) {
  const m = mw.value;
  useTitle(`${m.monthClose}: ${monthText(month)}`);
  const asked = useAsked<MonthDetail>(`${MONTHS}/${month}`);
  return (
    <>
      <p>
        <Link back to="/finance/months">
          {m.monthClose}
        </Link>
      </p>
      <h1>{monthText(month)}</h1>
      <Shown asked={asked}>
        {(detail) => (
          <>
            <Standing detail={detail} />
            {detail.state !== 'closed' && <Findings detail={detail} />}
            <Acts detail={detail} onChanged={asked.again} />
            <Figures detail={detail} />
          </>
        )}
      </Shown>
    </>
  );
}

function Standing({ detail }: { detail: MonthDetail }) {
  const m = mw.value;
  const { state, obstacle, preparedBy, preparedAt, closedBy, closedAt, note } = detail;
  const by = (name: string | null, at: string | null): string =>
    name === null || at === null
      ? '–'
      : m.preparedAt.replace('{name}', name).replace('{at}', amsterdamText(at));
  const isByOthers = state === 'closed' && closedAt === null;
  return (
    <>
      <Facts
        facts={[
          [cw.value.state, m[state]],
          [m.preparedBy, by(preparedBy, preparedAt)],
          [m.closedBy, isByOthers ? m.byTheLedger : by(closedBy, closedAt)],
          ...(note === null ? [] : [[m.noteLabel, note] as const]),
        ]}
      />
      {obstacle !== null && <p class="soft">{m[obstacle]}</p>}
      <Agreement detail={detail} />
    </>
  );
}

/** Whether the figures are those that people agreed to. */
function Agreement({ detail }: { detail: MonthDetail }) {
  const m = mw.value;
  const { closedSha256, preparedSha256 } = detail;
  if (closedSha256 !== null) {
    const isSame = closedSha256 === preparedSha256;
    return <Mark isGood={isSame} text={isSame ? m.sameAsAgreed : m.otherThanAgreed} />;
  }
  if (detail.state !== 'prepared') return null;
  return <Mark isGood={!detail.hasChanged} text={detail.hasChanged ? m.changed : m.asPrepared} />;
}

function Mark({ isGood, text }: { isGood: boolean; text: string }) {
  return (
    <p class={isGood ? 'good' : 'bad'}>
      <span aria-hidden="true">{isGood ? '✓ ' : '! '}</span>
      {text}
    </p>
  );
}

function Findings({ detail: { findings } }: { detail: MonthDetail }) {
  const m = mw.value;
  return (
    <>
      <h2>{m.findings}</h2>
      {findings.length === 0 ? (
        <Mark isGood text={m.nothingOpen} />
      ) : (
        <ul class="plain">
          {findings.map((finding) => {
            const to = WHERE[finding];
            return (
              <li key={finding} class="bad">
                <span aria-hidden="true">! </span>
                {to === undefined ? m[finding] : <Link to={to}>{m[finding]}</Link>}
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function Acts({ detail, onChanged }: { detail: MonthDetail; onChanged: () => void }) {
  const m = mw.value;
  const [asks, setAsks] = useState<'prepare' | 'close' | null>(null);
  if (!detail.mayPrepare) return null;
  const isReady = detail.state === 'prepared' && !detail.hasChanged;
  const button = (what: 'prepare' | 'close', text: string, isMain: boolean) => (
    <button
      type="button"
      class={isMain ? 'primary' : 'quiet'}
      onClick={() => {
        setAsks(what);
      }}
    >
      {text}
    </button>
  );
  const question = {
    ...{ detail, onChanged },
    onClose: () => {
      setAsks(null);
    },
  };
  return (
    <div class="acts">
      {detail.mayClose && button('close', m.close, true)}
      {button('prepare', detail.state === 'prepared' ? m.prepareAgain : m.prepare, !isReady)}
      {isReady && !detail.mayClose && <p class="person">{m.preparedByYou}</p>}
      {asks === 'prepare' && <Prepare {...question} />}
      {asks === 'close' && <Close {...question} />}
    </div>
  );
}

interface Question {
  readonly detail: MonthDetail;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

function Close({ detail, onChanged, onClose }: Question) {
  const m = mw.value;
  const { month, debitMinor, sha256 } = detail;
  return (
    <Confirm
      title={m.close}
      consequence={m.closeSure
        .replace('{month}', monthText(month))
        .replace('{amount}', euros(debitMinor))}
      action={m.close}
      onConfirm={async () => {
        await change(`${MONTHS}/${month}/close`, { sha256 });
        onChanged();
      }}
      onClose={onClose}
    />
  );
}

function Prepare({ detail, onChanged, onClose }: Question) {
  const m = mw.value;
  const [note, setNote] = useState('');
  return (
    <Confirm
      title={m.prepare}
      consequence={m.prepareSure}
      action={m.prepare}
      onConfirm={async () => {
        const said = note.trim() === '' ? {} : { note: note.trim() };
        await change(`${MONTHS}/${detail.month}/prepare`, said);
        onChanged();
      }}
      onClose={onClose}
    >
      {detail.findings.length > 0 && <Field label={m.noteLabel} value={note} onInput={setNote} />}
    </Confirm>
  );
}

function Figures({ detail }: { detail: MonthDetail }) {
  const m = mw.value;
  const path = `${MONTHS}/${detail.month}`;
  const none = (
    <span class="amount" aria-hidden="true">
      –
    </span>
  );
  return (
    <>
      <h2>{m.trialBalance}</h2>
      <Table
        caption={m.trialBalance}
        heads={[m.account, m.accounts, m.opening, m.change, m.debit, m.credit]}
        rows={[
          ...detail.rows.map((row) => ({
            key: row.account,
            cells: [
              <span key="account">
                {accountName(row.account)} <code class="inline">{row.account}</code>
              </span>,
              row.accounts,
              <Amount key="opening" minor={row.openingMinor} />,
              <Amount key="change" minor={row.changeMinor} />,
              row.side === 'debit' ? <Amount key="debit" minor={row.closingMinor} /> : none,
              row.side === 'credit' ? <Amount key="credit" minor={row.closingMinor} /> : none,
            ],
          })),
          {
            key: 'total',
            cells: [
              <strong key="total">{m.total}</strong>,
              none,
              none,
              none,
              <Amount key="debit" minor={detail.debitMinor} />,
              <Amount key="credit" minor={detail.creditMinor} />,
            ],
          },
        ]}
      />
      <p>
        <a class="button quiet" href={`${path}/trial-balance.csv`} download>
          {m.trialFile}
        </a>{' '}
        <a class="button quiet" href={`${path}/journal.csv`} download>
          {m.journalFile}
        </a>
      </p>
      <p class="soft">
        {m.hash}: <Chip id={detail.closedSha256 ?? detail.sha256} />
      </p>
    </>
  );
}
