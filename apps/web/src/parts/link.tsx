import type { ComponentChildren } from 'preact';
import { go, place } from '../state.js';

/** A link inside the app: no page load, but a real address for "open in a new tab". */
export function Link(props: {
  to: string;
  class?: string;
  /** Stands for everything below its address too, as in a menu. */
  section?: boolean;
  /** Where Escape leads. */
  back?: boolean;
  children: ComponentChildren;
}) {
  const { to, section = false, children } = props;
  const { pathname } = new URL(place.value, location.origin);
  const current = pathname === to || (section && pathname.startsWith(`${to}/`));
  return (
    <a
      href={to}
      class={props.class}
      data-back={props.back === true ? '' : undefined}
      aria-current={current ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
