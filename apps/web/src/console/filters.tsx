import type { ComponentChildren } from 'preact';
import { place } from '../state.js';
import { cw } from './words.js';

/** What the address says after `?`: a filter can be shared and found again. */
export function queryOf(names: readonly string[]): Readonly<Record<string, string>> {
  const given = new URL(place.value, location.origin).searchParams;
  const found = names.flatMap((name) => {
    const value = given.get(name) ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(found);
}

/** Puts the filter into the address, without a step back in the browser for every letter. */
function setQuery(query: Readonly<Record<string, string>>): void {
  const { pathname } = new URL(place.value, location.origin);
  const text = new URLSearchParams(query).toString();
  const path = text === '' ? pathname : `${pathname}?${text}`;
  history.replaceState(null, '', path);
  place.value = path;
}

export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly options: readonly (readonly [value: string, word: string])[];
  /** Chosen when nothing is said; without it, nothing said is all of them. */
  readonly standard?: string;
}

/** A search field (focused by `/`), choices and days; all of it lives in the address. */
export function Filters(props: {
  names: readonly string[];
  /** What one may type; no search field without it. */
  hint?: string;
  choices?: readonly Choice[];
  days?: boolean;
}) {
  const { names, hint, choices = [], days = false } = props;
  const w = cw.value;
  const query = queryOf(names);
  const set = (name: string, value: string): void => {
    const others = Object.entries(query).filter(([each]) => each !== name);
    setQuery(Object.fromEntries(value === '' ? others : [...others, [name, value]]));
  };
  return (
    <form
      class="filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.querySelector<HTMLInputElement>('[data-search]');
        set('q', field?.value.trim() ?? '');
      }}
    >
      {hint !== undefined && (
        <Search
          hint={hint}
          value={query['q'] ?? ''}
          onChange={(value) => {
            set('q', value);
          }}
        />
      )}
      {choices.map((choice) => (
        <Select
          key={choice.name}
          choice={choice}
          value={query[choice.name] ?? choice.standard ?? ''}
          onChange={(value) => {
            set(choice.name, value === choice.standard ? '' : value);
          }}
        />
      ))}
      {days && <Days query={query} onChange={set} />}
      {Object.keys(query).length > 0 && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setQuery({});
          }}
        >
          {w.clearFilter}
        </button>
      )}
    </form>
  );
}

function Search(props: { hint: string; value: string; onChange: (value: string) => void }) {
  const { hint, value, onChange } = props;
  return (
    <Labelled label={cw.value.search}>
      <input
        key={value}
        type="search"
        data-search
        maxLength={64}
        placeholder={hint}
        defaultValue={value}
        onChange={(event) => {
          onChange(event.currentTarget.value.trim());
        }}
      />
    </Labelled>
  );
}

function Select(props: { choice: Choice; value: string; onChange: (value: string) => void }) {
  const { choice, value, onChange } = props;
  return (
    <Labelled label={choice.label}>
      <select
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {choice.standard === undefined && <option value="">{cw.value.any}</option>}
        {choice.options.map(([code, word]) => (
          <option key={code} value={code}>
            {word}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function Days(props: {
  query: Readonly<Record<string, string>>;
  onChange: (name: string, value: string) => void;
}) {
  const w = cw.value;
  return (
    <>
      {[['from', w.from] as const, ['to', w.to] as const].map(([name, label]) => (
        <Labelled key={name} label={label}>
          <input
            type="date"
            value={props.query[name] ?? ''}
            onChange={(event) => {
              props.onChange(name, event.currentTarget.value);
            }}
          />
        </Labelled>
      ))}
    </>
  );
}

function Labelled({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <label>
      <span>{label}</span>
      {children}
    </label>
  );
}
