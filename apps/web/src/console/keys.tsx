import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { go } from '../state.js';
import { cw } from './words.js';

const helpIsOpen = signal(false);
const ROW_LINKS = '.rows tbody tr td:first-child a';

/** What each key does. Enter needs nothing: the row that has the focus is a link. */
const ACTS: Readonly<Record<string, () => void>> = {
  '/': () => {
    document.querySelector<HTMLInputElement>('[data-search]')?.focus();
  },
  j: () => {
    moveRow(1);
  },
  k: () => {
    moveRow(-1);
  },
  Escape: () => {
    const back = document.querySelector<HTMLAnchorElement>('[data-back]');
    if (back !== null) go(back.pathname + back.search);
  },
  '?': () => {
    helpIsOpen.value = true;
  },
};

/** Keys without a modifier, outside fields and questions. */
export function useKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('dialog[open]') !== null) return;
      if (leaveField(event)) return;
      const act = ACTS[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
}

/** @returns whether the key belongs to the field it was pressed in. */
function leaveField({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement) || !target.matches('input, select, textarea')) return false;
  if (key === 'Escape') target.blur();
  return true;
}

function moveRow(step: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>(ROW_LINKS)];
  const now = links.findIndex((link) => link === document.activeElement);
  const next = now === -1 ? 0 : Math.min(Math.max(now + step, 0), links.length - 1);
  links[next]?.focus();
}

/** The list of keys, behind `?` and a button. */
export function KeysHelp() {
  const w = cw.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (helpIsOpen.value) dialog.current?.showModal();
  }, [helpIsOpen.value]);
  const keys = [
    ['/', w.keysSearch],
    ['j', w.keysNext],
    ['k', w.keysPrevious],
    ['Enter', w.keysOpen],
    ['Esc', w.keysClose],
    ['?', w.keysHelp],
  ] as const;
  return (
    <>
      <button type="button" class="quiet" onClick={() => (helpIsOpen.value = true)}>
        {w.keys}
      </button>
      <dialog
        ref={dialog}
        class="confirm"
        aria-label={w.keys}
        onClose={() => (helpIsOpen.value = false)}
      >
        <h2>{w.keys}</h2>
        <dl class="keys">
          {keys.map(([key, does]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <button type="button" onClick={() => dialog.current?.close()}>
          {w.close}
        </button>
      </dialog>
    </>
  );
}
