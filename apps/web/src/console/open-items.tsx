import type { OpenItem } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { CODE_WORDS, codeWord } from './code-words.js';
import { Confirm, Field } from './confirm.js';
import { decimalOf } from './csv.js';
import { Deadline, Due, ITEMS } from './item-parts.js';
import { iw } from './item-words.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Table, When } from './parts.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const FILTERS = ['kind', 'owner', 'age', 'reason'] as const;
type Family = 'item' | 'itemAge' | 'itemReason';
const CSV = {
  name: 'stuiver-open-items',
  heads: [
    ...['item', 'kind', 'about', 'since', 'due_at', 'age_days', 'amount', 'currency', 'owner'],
    ...['cause', 'deadline', 'comments', 'what_to_do', 'explanation'],
  ],
  row: (item: OpenItem) => [
    ...[item.openItemId, item.kind, item.subject, item.since, item.dueAt ?? ''],
    String(item.ageDays),
    ...[item.amountMinor === null ? '' : decimalOf(item.amountMinor), item.currency],
    ...[item.owner?.name ?? '', item.reason ?? '', item.deadline ?? '', String(item.comments)],
    ...[codeWord('itemHelp', item.kind), item.explanation],
  ],
};

/** What a person has to look at: what it is, since when, and what one does about it. */
export function OpenItems() {
  const w = cw.value;
  useTitle(w.openItems);
  const i = iw.value;
  const [turn, setTurn] = useState(0);
  return (
    <>
      <h1>{w.openItems}</h1>
      <Filters
        names={FILTERS}
        choices={[
          { name: 'kind', label: w.kind, options: optionsOf('item') },
          {
            ...{ name: 'owner', label: i.owner },
            options: [['me', i.mine] as const, ['nobody', i.nobody] as const],
          },
          { name: 'age', label: i.age, options: optionsOf('itemAge') },
          { name: 'reason', label: i.cause, options: optionsOf('itemReason') },
        ]}
      />
      <Pages<OpenItem> key={turn} path={ITEMS} query={queryOf(FILTERS)} empty={w.noItems} csv={CSV}>
        {(items) => (
          <Table
            caption={w.openItems}
            heads={[w.kind, w.since, w.due, i.owner, w.whatToDo, w.amount]}
            rows={items.map((item) => ({
              key: item.openItemId,
              cells: [
                <Link key="to" to={`/finance/open/${item.openItemId}`}>
                  {codeWord('item', item.kind)}
                </Link>,
                <span key="since">
                  <When at={item.since} />
                  <br />
                  <span class="soft">{codeWord('itemAge', item.age)}</span>
                </span>,
                <Due key="due" at={item.dueAt} />,
                <Whose key="whose" item={item} />,
                <span key="what">
                  {codeWord('itemHelp', item.kind)}
                  {item.kind === 'duplicate-statement' && (
                    <Close
                      item={item}
                      onClosed={() => {
                        setTurn(turn + 1);
                      }}
                    />
                  )}
                </span>,
                item.amountMinor === null ? '–' : <Amount minor={item.amountMinor} />,
              ],
            }))}
          />
        )}
      </Pages>
    </>
  );
}

function optionsOf(family: Family): readonly (readonly [string, string])[] {
  return Object.keys(CODE_WORDS.nl[family]).map((code) => [code, codeWord(family, code)] as const);
}

function Whose({ item }: { item: OpenItem }) {
  const i = iw.value;
  return (
    <span>
      {item.owner === null ? <span class="soft">{i.nobody}</span> : item.owner.name}
      {item.reason !== null && <span class="soft"> · {codeWord('itemReason', item.reason)}</span>}
      {item.deadline !== null && (
        <>
          <br />
          <Deadline item={item} />
        </>
      )}
      {item.comments > 0 && (
        <>
          <br />
          <span class="soft">
            {i.comments}: {item.comments}
          </span>
        </>
      )}
    </span>
  );
}

function Close({ item, onClosed }: { item: OpenItem; onClosed: () => void }) {
  const w = cw.value;
  const [open, setOpen] = useState(false);
  const [note, setNote] = useState('');
  return (
    <p>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          setOpen(true);
        }}
      >
        {w.closeItem}
      </button>
      {open && (
        <Confirm
          title={w.closeItemTitle}
          consequence={w.closeItemSure}
          action={w.closeItem}
          onConfirm={async () => {
            await change(`${ITEMS}/${item.openItemId}/close`, { note: note.trim() });
            onClosed();
          }}
          onClose={() => {
            setOpen(false);
          }}
        >
          <Field label={w.explanation} value={note} onInput={setNote} />
        </Confirm>
      )}
    </p>
  );
}
