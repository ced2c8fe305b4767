import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Trouble } from './parts.js';
import { useAct } from './use-act.js';
import { cw } from './words.js';

/**
 * Asks before something happens: what, with the amount, and what follows from it. Escape and "cancel" leave everything
 * as it is; while it is being done, the button says so and nothing can be pressed twice.
 */
export function Confirm(props: {
  title: string;
  consequence: string;
  /** What the button does, in words. */
  action: string;
  /** Fields to fill in first. */
  children?: ComponentChildren;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const { title, consequence, action, children, onConfirm, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const name = useId();
  const { busy, error, act } = useAct();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="confirm" aria-labelledby={name} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act(async () => {
            await onConfirm();
            dialog.current?.close();
          });
        }}
      >
        <h2 id={name}>{title}</h2>
        <p>{consequence}</p>
        {children}
        <Trouble error={error} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={busy}>
            {action}
          </button>
          <button type="button" disabled={busy} onClick={() => dialog.current?.close()}>
            {cw.value.cancel}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** A field of such a question. */
export function Field(props: {
  label: string;
  hint?: string;
  value: string;
  maxLength?: number;
  onInput: (value: string) => void;
}) {
  const { label, hint, value, maxLength = 500, onInput } = props;
  return (
    <label class="field">
      {label}
      <input
        type="text"
        required
        maxLength={maxLength}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
      {hint !== undefined && <span class="soft">{hint}</span>}
    </label>
  );
}
