import { money } from '@stuiver/host';
import type { ComponentChildren } from 'preact';
import { exactDate, nearDate } from '../parts/near-date.js';
import { language } from '../state.js';
import { requestIdOf, textOfProblem } from './problem.js';
import type { Asked } from './use-asked.js';
import { cw } from './words.js';

const CHIP_CHARACTERS = 14;
const LOCALES = { nl: 'nl-NL', en: 'en-IE' } as const;

/** Minor units in the page's language. */
export function Amount({ minor }: { minor: string }) {
  return <span class="amount">{euros(minor)}</span>;
}

export function euros(minor: string): string {
  return money(minor, 'EUR', language.value).replace('-', '−');
}

/** An id, shortened in the middle; a click copies all of it. */
export function Chip({ id }: { id: string }) {
  const short = id.length <= CHIP_CHARACTERS ? id : `${id.slice(0, 6)}…${id.slice(-5)}`;
  const copy = cw.value.copy.replace('{id}', id);
  return (
    <button
      type="button"
      class="chip"
      title={copy}
      onClick={() => void navigator.clipboard.writeText(id)}
    >
      {short}
    </button>
  );
}

/** An instant, as people say it; exactly on hover. */
export function When({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time dateTime={at} title={exactDate(date, language.value)}>
      {nearDate(date, new Date(), language.value)}
    </time>
  );
}

/** A calendar day of the bank's, `2026-11-24`. */
export function Day({ day }: { day: string }) {
  return <time dateTime={day}>{dayText(day)}</time>;
}

export function dayText(day: string): string {
  const style = { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const;
  const format = new Intl.DateTimeFormat(LOCALES[language.value], { ...style, timeZone: 'UTC' });
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** The bank's clock is that of Amsterdam, wherever the reader is. */
export function amsterdamText(at: string): string {
  const style = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  const format = new Intl.DateTimeFormat(LOCALES[language.value], {
    ...style,
    ...{ hour: '2-digit', minute: '2-digit', timeZone: 'Europe/Amsterdam' },
  });
  return format.format(new Date(at));
}

/** A skeleton, then the content; or what went wrong, and the way to try again. */
export function Shown<T>(props: { asked: Asked<T>; children: (value: T) => ComponentChildren }) {
  const { asked, children } = props;
  const { loaded, again } = asked;
  if (loaded.state === 'loading') return <Skeleton />;
  if (loaded.state === 'there') return <>{children(loaded.value)}</>;
  return (
    <div class="failed">
      <Trouble error={loaded.error} />
      <button type="button" onClick={again}>
        {cw.value.retry}
      </button>
    </div>
  );
}

/** Seen only when it takes longer than a moment; as high as the content will be, about. */
function Skeleton() {
  return (
    <div class="skeleton late" role="status">
      <span class="unseen">{cw.value.loading}</span>
      {[0, 1, 2].map((bar) => (
        <div key={bar} />
      ))}
    </div>
  );
}

/** What went wrong, and the number to mention to who helps. Empty while nothing did. */
export function Trouble({ error }: { error: unknown }) {
  const id = requestIdOf(error);
  if (error === null || error === undefined) return <p role="alert" />;
  return (
    <p role="alert" class="problem">
      <span aria-hidden="true">! </span>
      {textOfProblem(error)}
      {id !== '' && <span class="soft"> {cw.value.requestId.replace('{id}', id)}</span>}
    </p>
  );
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
