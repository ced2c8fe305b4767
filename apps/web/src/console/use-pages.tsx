import type { Page } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { useLoaded } from '../parts/use-loaded.js';
import { read } from './api.js';
import { Shown, textOfProblem } from './parts.js';
import { cw } from './words.js';

/** A list of the API, page after page. `path` has no query. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it types what `children` gets
export function Pages<Item>(props: {
  path: string;
  empty: string;
  /** Changes when the list has to be asked for again. */
  turn?: number;
  children: (items: readonly Item[]) => ComponentChildren;
}) {
  const { path, empty, turn = 0, children } = props;
  const first = useLoaded(() => read<Page<Item>>(path), [path, turn]);
  return (
    <Shown loaded={first}>
      {(page) =>
        page.items.length === 0 ? (
          <p class="soft">{empty}</p>
        ) : (
          <More key={`${path} ${String(turn)}`} path={path} first={page}>
            {children}
          </More>
        )
      }
    </Shown>
  );
}

function More<Item>(props: {
  path: string;
  first: Page<Item>;
  children: (items: readonly Item[]) => ComponentChildren;
}) {
  const { path, first, children } = props;
  const [pages, setPages] = useState<readonly Page<Item>[]>([first]);
  const [problem, setProblem] = useState('');
  const next = pages.at(-1)?.next ?? null;
  const more = async (before: string): Promise<void> => {
    setProblem('');
    try {
      const page = await read<Page<Item>>(`${path}?before=${encodeURIComponent(before)}`);
      setPages([...pages, page]);
    } catch (error) {
      setProblem(textOfProblem(error));
    }
  };
  return (
    <>
      {children(pages.flatMap(({ items }) => items))}
      <p role="alert">{problem}</p>
      {next !== null && (
        <button type="button" onClick={() => void more(next)}>
          {cw.value.more}
        </button>
      )}
    </>
  );
}
