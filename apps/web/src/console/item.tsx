import type { ItemNote, OpenItemDetail } from '@stuiver/console-api';
import { useId, useState } from 'preact/hooks';
import { Link } from '../parts/link.js';
import { useTitle } from '../parts/use-title.js';
import { change, me } from './api.js';
import { CODE_WORDS, codeWord } from './code-words.js';
import { Deadline, Due, ITEMS, placeOf } from './item-parts.js';
import { iw } from './item-words.js';

import { Amount, Day, Facts, Shown, Trouble, When } from './parts.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const REASONS = Object.keys(CODE_WORDS.nl.itemReason);

/** One open item: what it is, whose it is, and everything that was said about it. */
export function ItemPage({ id }: { id: string }) {
  const i = iw.value;
  useTitle(i.item);
  const asked = useAsked<OpenItemDetail>(`${ITEMS}/${id}`);
  return (
    <>
      <p>
        <Link back to="/finance/open">
          {cw.value.openItems}
        </Link>
      </p>
      <Shown asked={asked}>
        {(item) => (
          <>
            <h1>{codeWord('item', item.kind)}</h1>
            <p>{codeWord('itemHelp', item.kind)}</p>
            <ItemFacts item={item} />
            {item.resolvedAt === null && (
              <Work key={item.notes.length} item={item} onSaved={asked.again} />
            )}
            <History notes={item.notes} />
          </>
        )}
      </Shown>
    </>
  );
}

function ItemFacts({ item }: { item: OpenItemDetail }) {
  const [w, i] = [cw.value, iw.value];
  const to = placeOf(item.subject);
  return (
    <Facts
      facts={[
        [w.amount, item.amountMinor === null ? '–' : <Amount minor={item.amountMinor} />],
        [w.since, <When key="since" at={item.since} />],
        [i.age, codeWord('itemAge', item.age)],
        [w.due, <Due key="due" at={item.dueAt} />],
        [i.owner, item.owner?.name ?? i.nobody],
        [i.cause, item.reason === null ? i.noCause : codeWord('itemReason', item.reason)],
        [i.deadline, <Deadline key="deadline" item={item} />],
        [w.explanation, item.explanation],
        ...(to === undefined ? [] : [[i.toSource, <Link to={to}>{i.show}</Link>] as const]),
        ...(item.resolvedAt === null
          ? []
          : ([
              [i.closed, <When key="closed" at={item.resolvedAt} />],
              [w.reason, item.resolution ?? '–'],
            ] as const)),
      ]}
    />
  );
}

/** Sends only what was changed: what somebody else did meanwhile stays. */
function Work({ item, onSaved }: { item: OpenItemDetail; onSaved: () => void }) {
  const i = iw.value;
  const name = useId();
  const was = {
    owner: item.owner?.id ?? '',
    reason: item.reason ?? '',
    deadline: item.deadline ?? '',
    comment: '',
  };
  const [form, setForm] = useState(was);
  const { busy, error, act } = useAct();
  const send = (next: typeof was): void => {
    act(async () => {
      const changed = Object.entries(next).filter(
        ([key, value]) => value !== was[key as keyof typeof was],
      );
      await change(`${ITEMS}/${item.openItemId}/notes`, Object.fromEntries(changed));
      onSaved();
    });
  };
  const mine = me.value?.id;
  return (
    <form
      class="sheet-form"
      aria-labelledby={name}
      onSubmit={(event) => {
        event.preventDefault();
        send({ ...form, comment: form.comment.trim() });
      }}
    >
      <h2 id={name}>{i.work}</h2>
      {mine !== undefined && item.owner?.id !== mine && (
        <p>
          <button
            type="button"
            disabled={busy}
            onClick={() => {
              send({ ...was, owner: mine });
            }}
          >
            {i.take}
          </button>
        </p>
      )}
      <Fields item={item} form={form} onChange={setForm} />
      <Trouble error={error} />
      <button type="submit" class="primary" disabled={busy}>
        {i.save}
      </button>
    </form>
  );
}

interface Form {
  readonly owner: string;
  readonly reason: string;
  readonly deadline: string;
  readonly comment: string;
}

function Fields(props: { item: OpenItemDetail; form: Form; onChange: (form: Form) => void }) {
  const { item, form, onChange } = props;
  const i = iw.value;
  const people = item.people.map(({ id, name }) => [id, name] as const);
  const isKnown = item.owner === null || people.some(([id]) => id === item.owner?.id);
  const owners = isKnown ? people : [...people, [item.owner.id, item.owner.name] as const];
  return (
    <>
      <Choose
        label={i.owner}
        none={i.nobody}
        value={form.owner}
        options={owners}
        onChange={(owner) => {
          onChange({ ...form, owner });
        }}
      />
      <Choose
        label={i.cause}
        none={i.noCause}
        value={form.reason}
        options={REASONS.map((code) => [code, codeWord('itemReason', code)] as const)}
        onChange={(reason) => {
          onChange({ ...form, reason });
        }}
      />
      <label class="field">
        {i.deadline}
        <input
          type="date"
          value={form.deadline}
          onInput={(event) => {
            onChange({ ...form, deadline: event.currentTarget.value });
          }}
        />
      </label>
      <label class="field">
        {i.comment}
        <textarea
          rows={3}
          maxLength={500}
          value={form.comment}
          onInput={(event) => {
            onChange({ ...form, comment: event.currentTarget.value });
          }}
        />
        <span class="soft">{i.commentHint}</span>
      </label>
    </>
  );
}

function Choose(props: {
  label: string;
  none: string;
  value: string;
  options: readonly (readonly [value: string, word: string])[];
  onChange: (value: string) => void;
}) {
  const { label, none, value, options, onChange } = props;
  return (
    <label class="field">
      {label}
      <select
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        <option value="">{none}</option>
        {options.map(([code, word]) => (
          <option key={code} value={code}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}

function History({ notes }: { notes: readonly ItemNote[] }) {
  const i = iw.value;
  return (
    <>
      <h2>{i.history}</h2>
      {notes.length === 0 && <p class="soft empty">{i.noHistory}</p>}
      <ol class="plain">
        {notes.map((note) => (
          <li key={note.at}>
            <p>
              <strong>{note.by.name}</strong> · <When at={note.at} />
            </p>
            {note.comment !== null && <p>{note.comment}</p>}
            <p class="soft">
              {i.owner}: {note.owner?.name ?? i.nobody}
              {note.reason !== null && ` · ${codeWord('itemReason', note.reason)}`}
              {note.deadline !== null && (
                <>
                  {` · ${i.deadline} `}
                  <Day day={note.deadline} />
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
