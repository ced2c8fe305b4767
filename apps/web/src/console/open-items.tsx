import type { OpenItem, OpenItemKind } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change } from './api.js';
import { CODE_WORDS, codeWord } from './code-words.js';
import { Confirm, Field } from './confirm.js';
import { decimalOf } from './csv.js';
import { Filters, queryOf } from './filters.js';
import { Amount, Table, When } from './parts.js';
import { Pages } from './use-pages.js';
import { cw } from './words.js';

const ITEMS = '/console/finance/open-items';
const KINDS = Object.keys(CODE_WORDS.nl.item) as OpenItemKind[];
const CSV = {
  name: 'stuiver-open-items',
  heads: ['item', 'kind', 'about', 'since', 'due_at', 'amount', 'currency', 'explanation'],
  row: (item: OpenItem) => [
    ...[item.openItemId, item.kind, item.subject, item.since, item.dueAt ?? ''],
    ...[item.amountMinor === null ? '' : decimalOf(item.amountMinor), item.currency],
    codeWord('itemHelp', item.kind),
  ],
};

/** What a person has to look at: what it is, since when, and what one does about it. */
export function OpenItems() {
  const w = cw.value;
  useTitle(w.openItems);
  const [turn, setTurn] = useState(0);
  return (
    <>
      <h1>{w.openItems}</h1>
      <Filters
        names={['kind']}
        choices={[
          {
            name: 'kind',
            label: w.kind,
            options: KINDS.map((kind) => [kind, codeWord('item', kind)] as const),
          },
        ]}
      />
      <Pages<OpenItem>
        key={turn}
        path={ITEMS}
        query={queryOf(['kind'])}
        empty={w.noItems}
        csv={CSV}
      >
        {(items) => (
          <Table
            caption={w.openItems}
            heads={[w.kind, w.since, w.due, w.whatToDo, w.amount]}
            rows={items.map((item) => ({
              key: item.openItemId,
              cells: [
                <Subject key="subject" item={item} />,
                <When key="since" at={item.since} />,
                <Due key="due" at={item.dueAt} />,
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

/** Nothing is late before its time; what has none waits for a person now. */
function Due({ at }: { at: string | null }) {
  if (at === null) return <span class="person">● {cw.value.lookNow}</span>;
  return <When at={at} />;
}

/** Where an item is looked at. */
const PLACES: Readonly<Record<string, (id: string) => string>> = {
  'bank-line': (id) => `/finance/lines/${id}`,
  payout: (id) => `/finance/payouts/all?q=${id}`,
  statement: (id) => `/finance/bank/${id}`,
};

function Subject({ item }: { item: OpenItem }) {
  const words = codeWord('item', item.kind);
  const [kind = '', id = ''] = item.subject.split(':');
  const to = PLACES[kind]?.(id);
  return to === undefined ? <span>{words}</span> : <Link to={to}>{words}</Link>;
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
