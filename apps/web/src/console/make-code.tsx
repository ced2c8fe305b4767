import type { CounterCodeSummary } from '@stuiver/console-api';
import { useState } from 'preact/hooks';
import { minorOf } from '../parts/minor-of.js';
import { textOf } from '../parts/text-of.js';
import { language } from '../state.js';
import { change } from './api.js';
import { Trouble } from './parts.js';
import { useAct } from './use-act.js';
import { cw } from './words.js';

const DAYS = ['1', '7', '30', '90'] as const;
const DAY_MS = 86_400_000;

type Body = Readonly<Record<string, string>>;

/** What the amounts of the form mean; null when they are none. */
function amountsOf(fields: FormData): Body | null {
  const [fixed, min, max] = ['amount', 'min', 'max'].map((name) => minorOf(textOf(fields, name)));
  if (textOf(fields, 'price') !== 'typed') return fixed ? { amountMinor: fixed } : null;
  return min && max && BigInt(min) <= BigInt(max) ? { minMinor: min, maxMinor: max } : null;
}

/** Makes a printed code or a link: what the payer reads, how much, and for a link until when and how often. */
export function MakeCode(props: {
  path: string;
  kind: CounterCodeSummary['kind'];
  onMade: () => void;
}) {
  const { path, kind, onMade } = props;
  const w = cw.value;
  const { busy, error, act } = useAct();
  const [isBad, setBad] = useState(false);
  // Pressed again after no answer, it is the same request with the same end.
  const [begun] = useState(() => ({ id: crypto.randomUUID(), at: Date.now() }));
  const make = (fields: FormData): void => {
    const amounts = amountsOf(fields);
    setBad(amounts === null);
    if (amounts === null) return;
    const expiresAt = new Date(begun.at + Number(textOf(fields, 'days')) * DAY_MS).toISOString();
    const end: Body = kind === 'link' ? { expiresAt, paymentsMax: textOf(fields, 'times') } : {};
    const description = textOf(fields, 'name');
    act(async () => {
      await change(path, { kind, description, requestId: begun.id, ...amounts, ...end });
      onMade();
    });
  };
  return (
    <details class="plain make-code">
      <summary>{kind === 'link' ? w.linkMake : w.codeMake}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make(new FormData(event.currentTarget));
        }}
      >
        <Text name="name" label={w.codeName} />
        {kind === 'link' ? <LinkFields /> : <PriceFields />}
        {isBad && (
          <p role="alert" class="problem">
            <span aria-hidden="true">! </span>
            {w.codeBadAmount}
          </p>
        )}
        <Trouble error={error} />
        <button class="primary" disabled={busy}>
          {kind === 'link' ? w.linkMake : w.codeMake}
        </button>
      </form>
    </details>
  );
}

function Text({ name, label, money = false }: { name: string; label: string; money?: boolean }) {
  return (
    <label class="field">
      {label}
      <input
        type="text"
        name={name}
        required
        maxLength={money ? 12 : 70}
        inputMode={money ? 'decimal' : 'text'}
      />
    </label>
  );
}

function PriceFields() {
  const w = cw.value;
  const [isTyped, setTyped] = useState(false);
  const choices = [
    ['fixed', w.codeFixed, false],
    ['typed', w.codeTyped, true],
  ] as const;
  return (
    <>
      <fieldset>
        <legend>{w.amount}</legend>
        <div class="choices">
          {choices.map(([value, label, typed]) => (
            <label key={value} class="choice">
              <input
                type="radio"
                name="price"
                value={value}
                checked={isTyped === typed}
                onChange={() => {
                  setTyped(typed);
                }}
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      {isTyped ? (
        <>
          <Text money name="min" label={w.codeMin} />
          <Text money name="max" label={w.codeMax} />
        </>
      ) : (
        <Text money name="amount" label={w.amount} />
      )}
    </>
  );
}

function daysText(count: string): string {
  const style = { style: 'unit', unit: 'day', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(language.value, style).format(Number(count));
}

function LinkFields() {
  const w = cw.value;
  return (
    <>
      <Text money name="amount" label={w.amount} />
      <label class="field">
        {w.linkDays}
        <select name="days">
          {DAYS.map((count) => (
            <option key={count} value={count} selected={count === '7'}>
              {daysText(count)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        {w.linkTimes}
        <input type="number" name="times" min="1" max="1000" step="1" required defaultValue="1" />
      </label>
    </>
  );
}
