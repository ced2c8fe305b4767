import { money } from '@stuiver/host';
import type { ComponentChildren } from 'preact';
import { exactDate, nearDate } from '../parts/near-date.js';
import type { Loaded } from '../parts/use-loaded.js';
import { language } from '../state.js';
import { ConsoleProblem } from './api.js';
import { cw } from './words.js';

const CHIP_CHARACTERS = 14;

/** Minor units in the page's language. */
export function Amount({ minor }: { minor: string }) {
  return <span class="amount">{money(minor, 'EUR', language.value)}</span>;
}

/** An id, shortened in the middle; a click copies all of it. */
export function Chip({ id }: { id: string }) {
  const short = id.length <= CHIP_CHARACTERS ? id : `${id.slice(0, 6)}…${id.slice(-5)}`;
  return (
    <button
      type="button"
      class="chip"
      title={cw.value.copy.replace('{id}', id)}
      onClick={() => void navigator.clipboard.writeText(id)}
    >
      {short}
    </button>
  );
}

export function When({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactDate(date, language.value)}>
      {nearDate(date, new Date(), language.value)}
    </time>
  );
}

/** Says what stands in for content: that it is coming, or why it is not. */
export function Shown<T>(props: { loaded: Loaded<T>; children: (value: T) => ComponentChildren }) {
  const { loaded, children } = props;
  if (loaded.state === 'loading') return <p class="late">{cw.value.loading}</p>;
  if (loaded.state === 'there') return <>{children(loaded.value)}</>;
  return <p role="alert">{textOfProblem(loaded.error)}</p>;
}

export function textOfProblem(error: unknown): string {
  if (!(error instanceof ConsoleProblem)) return cw.value.failed;
  return error.code === 'NOT_FOUND' ? cw.value.notYours : error.message;
}

/** A table on a wide screen, cards on a narrow one: each cell carries the heading it had. */
export function Table(props: {
  caption: string;
  heads: readonly string[];
  rows: readonly { readonly key: string; readonly cells: readonly ComponentChildren[] }[];
}) {
  const { caption, heads, rows } = props;
  return (
    <table class="rows">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {cells.map((cell, index) => (
              <td key={heads[index]} data-head={heads[index]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Facts({ facts }: { facts: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
