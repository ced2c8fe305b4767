import type { ComponentChildren } from 'preact';
import { go, place } from '../state.js';

/** A link inside the app: no page load, but a real address for "open in a new tab". */
export function Link(props: { to: string; class?: string; children: ComponentChildren }) {
  const { to, children } = props;
  const current = new URL(place.value, location.origin).pathname === to;
  return (
    <a
      href={to}
      class={props.class}
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
