import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { readyChime } from './chime.js';
import { euros, Trouble } from './parts.js';
import { useAct } from './use-act.js';
import { cw } from './words.js';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '00', '0'] as const;
const DIGITS_MAX = 9;

/** What is there with one more key: digits come in from the right, as on any till. */
function withKey(minor: string, key: string): string {
  if (key === 'Backspace') return minor.slice(0, -1);
  if (key === 'Delete' || key === 'Escape') return '';
  if (!/^\d\d?$/.test(key)) return minor;
  const next = `${minor}${key}`.replace(/^0+/, '');
  return next.length > DIGITS_MAX ? minor : next;
}

/** What a key pressed on the page means for the pad; null when it is for something else. */
function padKey(event: KeyboardEvent): string | null {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (document.querySelector('dialog[open]') !== null) return null;
  const on = (what: string): boolean => target instanceof HTMLElement && target.matches(what);
  if (on('input, select, textarea')) return null;
  // On a button Enter presses that button.
  if (key === 'Enter') return on('button, a') ? null : key;
  return /^(\d|Backspace|Delete|Escape)$/.test(key) ? key : null;
}

/** Heard from the moment the pad is there: an effect after the next picture would lose a quick cashier's first digit. */
function usePadKeys(press: (key: string) => void): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = padKey(event);
      if (key !== null) press(key);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  });
}

/** The amount, by big digits or the keyboard, and the button that asks for it. */
export function TillPad(props: { onAsk: (amountMinor: string, note: string) => Promise<void> }) {
  const w = cw.value;
  const [minor, setMinor] = useState('');
  // Fingers are quicker than drawing: what was typed is known before it is seen.
  const typed = useRef('');
  const [note, setNote] = useState('');
  const { busy, error, act } = useAct();
  const pad = useRef<HTMLDivElement>(null);
  // Not on the link that led here: Enter is for the amount.
  useLayoutEffect(() => {
    pad.current?.focus({ preventScroll: true });
  }, []);
  const ask = (): void => {
    if (typed.current === '') return;
    readyChime();
    act(() => props.onAsk(typed.current, note.trim()));
  };
  const press = (key: string): void => {
    if (key === 'Enter') {
      ask();
      return;
    }
    typed.current = withKey(typed.current, key);
    setMinor(typed.current);
  };
  usePadKeys(press);
  const amount = euros(minor === '' ? '0' : minor);
  return (
    <div class="till-pad" ref={pad} tabIndex={-1}>
      <p class="till-amount">
        <span class="soft">{w.tillAmount}</span>
        <output class="amount" aria-live="polite">
          {amount}
        </output>
      </p>
      <Keys press={press} />
      <Note note={note} onNote={setNote} />
      <Trouble error={error} />
      <button type="button" class="primary" disabled={busy || minor === ''} onClick={ask}>
        {minor === '' ? w.tillType : w.tillShow.replace('{amount}', amount)}
      </button>
    </div>
  );
}

function Keys({ press }: { press: (key: string) => void }) {
  const w = cw.value;
  const pressOn = (key: string) => (): void => {
    press(key);
  };
  return (
    <div class="pad" role="group" aria-label={w.tillPad}>
      {KEYS.map((key) => (
        <button key={key} type="button" onClick={pressOn(key)}>
          {key}
        </button>
      ))}
      <button type="button" aria-label={w.tillErase} onClick={pressOn('Backspace')}>
        <span aria-hidden="true">⌫</span>
      </button>
    </div>
  );
}

function Note({ note, onNote }: { note: string; onNote: (note: string) => void }) {
  return (
    <label class="field">
      {cw.value.tillNote}
      <input
        type="text"
        maxLength={70}
        value={note}
        onInput={(event) => {
          onNote(event.currentTarget.value);
        }}
      />
    </label>
  );
}
