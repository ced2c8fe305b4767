import type { AuditAct, AuditBook, AuditRecord } from '@stuiver/console-api';
import { useTitle } from '../parts/use-title.js';
import { CODE_WORDS, codeWord } from './code-words.js';
import { Filters, queryOf } from './filters.js';
import { Chip, Table, When } from './parts.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const NAMES = ['book', 'q', 'actor', 'act', 'from', 'to'];
const BOOKS: readonly AuditBook[] = ['payout', 'orders', 'people'];
const PATHS: Readonly<Record<AuditBook, string>> = {
  payout: '/console/finance/audit',
  orders: '/console/audit/orders',
  people: '/console/audit/people',
};
const CSV = {
  name: 'stuiver-audit',
  heads: [
    ...['no', 'at', 'actor_kind', 'actor_id', 'act', 'subject_kind', 'subject_id'],
    ...['before', 'after', 'reason', 'request_id', 'ip', 'hash'],
  ],
  row: (entry: AuditRecord) => [
    ...[entry.no, entry.at, entry.actorKind, entry.actorId ?? '', entry.act],
    ...[entry.subjectKind, entry.subjectId, entry.before ?? '', entry.after ?? ''],
    ...[entry.reason ?? '', entry.requestId ?? '', entry.ip ?? '', entry.hash],
  ],
};

/** What staff and operators did, newest first; each book is a chain of its own. */
export function AuditTrail() {
  const w = cw.value;
  useTitle(w.auditTrail);
  const { book = 'payout', q, ...query } = queryOf(NAMES);
  const [chosen = 'payout'] = BOOKS.filter((each) => each === book);
  const acts = Object.entries(CODE_WORDS.en.audit) as [AuditAct, string][];
  return (
    <>
      <h1>{w.auditTrail}</h1>
      <p class="soft">{w.auditHint}</p>
      <Filters
        names={NAMES}
        hint={w.searchAudit}
        days
        choices={[
          {
            name: 'book',
            label: w.auditBook,
            standard: 'payout',
            options: BOOKS.map((each) => [each, codeWord('auditBook', each)] as const),
          },
          {
            name: 'actor',
            label: w.auditActor,
            options: (['operator', 'system'] as const).map(
              (kind) => [kind, codeWord('actor', kind)] as const,
            ),
          },
          {
            name: 'act',
            label: w.auditAct,
            options: acts.map(([act]) => [act, codeWord('audit', act)] as const),
          },
        ]}
      />
      <Pages<AuditRecord>
        path={PATHS[chosen]}
        query={{ ...query, ...searched(q) }}
        empty={w.noAudit}
        csv={CSV}
      >
        {(entries) => (
          <Table
            caption={w.auditTrail}
            heads={[w.date, w.auditActor, w.auditAct, w.auditSubject, w.auditFacts, w.auditFrom]}
            rows={entries.map((entry) => ({ key: entry.no, cells: cellsOf(entry) }))}
          />
        )}
      </Pages>
    </>
  );
}

/** A staff id is looked for as who did it, every other id as what it was done to. */
function searched(q: string | undefined): Readonly<Record<string, string>> {
  if (q === undefined) return {};
  return q.startsWith('stf_') ? { actor: q } : { subject: q };
}

function cellsOf(entry: AuditRecord) {
  const { at, actorKind, actorId, act, subjectKind, subjectId, ip } = entry;
  return [
    <When key="at" at={at} />,
    actorId === null ? codeWord('actor', actorKind) : <Chip key="actor" id={actorId} />,
    codeWord('audit', act),
    <span key="subject">
      {codeWord('subject', subjectKind)} <Chip id={subjectId} />
    </span>,
    <Facts key="facts" entry={entry} />,
    ip ?? '–',
  ];
}

function Facts({ entry }: { entry: AuditRecord }) {
  const { before, after, reason } = entry;
  const facts = [before, after].filter((text) => text !== null).map(factsText);
  if (facts.length === 0 && reason === null) return <>–</>;
  return (
    <>
      {facts.join(' → ')}
      {reason !== null && (
        <>
          {facts.length > 0 && <br />}
          <q>{reason}</q>
        </>
      )}
    </>
  );
}

const FACT_CHARACTERS_MAX = 24;

/** As one reads them; a hash is shortened, the file has it whole. */
function factsText(json: string): string {
  const facts = Object.entries(JSON.parse(json) as Record<string, unknown>);
  return facts.map(([name, value]) => `${name}: ${valueText(value)}`).join(', ');
}

function valueText(value: unknown): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value);
  return text.length <= FACT_CHARACTERS_MAX ? text : `${text.slice(0, FACT_CHARACTERS_MAX)}…`;
}
