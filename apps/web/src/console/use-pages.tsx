import type { Page } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { read } from './api.js';
import { csvOf, download } from './csv.js';
import { Shown, Trouble } from './parts.js';
import { useAct } from './use-act.js';
import { useAsked } from './use-asked.js';
import { cw } from './words.js';

const EXPORT_ROWS_MAX = 10_000;

/** How a list is written as a file: amounts as decimal text with their currency beside them, instants as ISO 8601. */
export interface CsvShape<Item> {
  readonly name: string;
  readonly heads: readonly string[];
  readonly row: (item: Item) => readonly string[];
}

interface PagesProps<Item> {
  /** A query in it is no filter of the reader's. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** What will be here, while there is nothing. */
  readonly empty: string;
  readonly csv?: CsvShape<Item>;
  readonly children: (items: readonly Item[]) => ComponentChildren;
}

/** A list of the API, page after page, with its export. */
export function Pages<Item>(props: PagesProps<Item>) {
  const { path, query = {}, empty } = props;
  const address = addressOf(path, query);
  const asked = useAsked<Page<Item>>(address);
  const isFiltered = Object.keys(query).length > 0;
  return (
    <Shown asked={asked}>
      {(page) =>
        page.items.length === 0 ? (
          <p class="soft empty">{isFiltered ? cw.value.nothingFound : empty}</p>
        ) : (
          <More key={address} {...props} first={page} />
        )
      }
    </Shown>
  );
}

function addressOf(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

function More<Item>(props: PagesProps<Item> & { first: Page<Item> }) {
  const { path, query = {}, csv, first, children } = props;
  const [pages, setPages] = useState<readonly Page<Item>[]>([first]);
  const { busy, error, act } = useAct();
  const next = pages.at(-1)?.next ?? null;
  const more = async (before: string): Promise<void> => {
    const page = await read<Page<Item>>(addressOf(path, { ...query, before }));
    setPages([...pages, page]);
  };
  return (
    <>
      {children(pages.flatMap(({ items }) => items))}
      <Trouble error={error} />
      <div class="acts">
        {next !== null && (
          <button
            type="button"
            disabled={busy}
            onClick={() => {
              act(() => more(next));
            }}
          >
            {cw.value.more}
          </button>
        )}
        {csv !== undefined && <Export path={path} query={query} csv={csv} />}
      </div>
    </>
  );
}

/** Exactly what the filter lets through, all pages of it, with a count while it is read. */
function Export<Item>(props: {
  path: string;
  query: Readonly<Record<string, string>>;
  csv: CsvShape<Item>;
}) {
  const { path, query, csv } = props;
  const [said, setSaid] = useState('');
  const { busy, error, act } = useAct();
  const all = async (): Promise<void> => {
    const rows: (readonly string[])[] = [];
    let before: string | null = null;
    do {
      const next: Readonly<Record<string, string>> = before === null ? {} : { before };
      const page: Page<Item> = await read<Page<Item>>(addressOf(path, { ...query, ...next }));
      rows.push(...page.items.map(csv.row));
      setSaid(cw.value.exporting.replace('{count}', String(rows.length)));
      before = page.next;
    } while (before !== null && rows.length < EXPORT_ROWS_MAX);
    download(`${csv.name}.csv`, csvOf(csv.heads, rows));
    setSaid(before === null ? '' : cw.value.exportCut.replace('{count}', String(EXPORT_ROWS_MAX)));
  };
  return (
    <>
      <button
        type="button"
        class="quiet"
        disabled={busy}
        onClick={() => {
          act(all);
        }}
      >
        {cw.value.exportCsv}
      </button>
      <span role="status" class="soft">
        {said}
      </span>
      <Trouble error={error} />
    </>
  );
}
