import type { PriceLine, PriceTerms } from '@stuiver/console-api';
import type { TargetedInputEvent } from 'preact';
import { useState } from 'preact/hooks';
import { language } from '../state.js';
import { change } from './api.js';
import { Confirm } from './confirm.js';
import { basisPointsOf, centsOf, wholesOf } from './price-numbers.js';
import { COMMAS, methodText } from './price-parts.js';
import { pw } from './price-words.js';

const METHODS = ['default', 'wallet', 'ideal', 'card'] as const;
const REASONS = ['exempt', 'standard', 'reverse-charge'] as const;
const VAT_PERCENT = '21';

/** A line as it is being typed. */
interface Typed {
  readonly method: PriceLine['method'];
  readonly isOn: boolean;
  readonly percent: string;
  readonly fixed: string;
  readonly minimum: string;
  readonly cap: string;
  readonly reason: PriceLine['vat']['reason'];
  readonly vatPercent: string;
}

/** Proposes the next version of a list, beginning with what the last one says. */
export function ProposePrices(props: {
  list: string;
  like: PriceTerms | null;
  onProposed: () => void;
}) {
  const { list, like, onProposed } = props;
  const p = pw.value;
  const [open, setOpen] = useState(false);
  const [from, setFrom] = useState('');
  const [lines, setLines] = useState<readonly Typed[]>(() => typedOf(like));
  const [isWrong, setWrong] = useState(false);
  const propose = async (): Promise<void> => {
    const said = saidOf(lines);
    setWrong(said === null || from === '');
    if (said === null || from === '') throw new TypeError('what is typed is no price');
    const validFrom = new Date(from).toISOString();
    await change(`/console/prices/${list}/versions`, { validFrom, onRefund: 'kept', lines: said });
    onProposed();
  };
  return (
    <>
      <p>
        <button
          type="button"
          class="primary"
          onClick={() => {
            setLines(typedOf(like));
            setOpen(true);
          }}
        >
          {p.propose}
        </button>
      </p>
      {open && (
        <Confirm
          title={p.propose}
          consequence={p.proposeSure}
          action={p.proposeDo}
          onConfirm={propose}
          onClose={() => {
            setOpen(false);
          }}
        >
          <Input label={p.from} type="datetime-local" value={from} onInput={setFrom} />
          {lines.map((line, index) => (
            <LineFields
              key={line.method}
              line={line}
              onChange={(changed) => {
                setLines(lines.with(index, changed));
              }}
            />
          ))}
          {isWrong && <p class="problem">! {p.notANumber}</p>}
        </Confirm>
      )}
    </>
  );
}

function LineFields({ line, onChange }: { line: Typed; onChange: (line: Typed) => void }) {
  const p = pw.value;
  const field = (label: string, name: 'percent' | 'fixed' | 'minimum' | 'cap' | 'vatPercent') => (
    <Input
      label={label}
      value={line[name]}
      isOptional={name === 'cap'}
      onInput={(value) => {
        onChange({ ...line, [name]: value });
      }}
    />
  );
  return (
    <fieldset>
      <legend>{methodText(line.method)}</legend>
      {line.method !== 'default' && (
        <label>
          <input
            type="checkbox"
            checked={line.isOn}
            onChange={(event) => {
              onChange({ ...line, isOn: event.currentTarget.checked });
            }}
          />{' '}
          {p.ownPrice.replace('{method}', methodText(line.method))}
        </label>
      )}
      {line.isOn && (
        <>
          {field(p.percent, 'percent')}
          {field(p.fixed, 'fixed')}
          {field(p.minimumEuro, 'minimum')}
          {field(p.capEuro, 'cap')}
          <VatField line={line} onChange={onChange} />
          {line.reason === 'standard' && field(p.vatPercent, 'vatPercent')}
        </>
      )}
    </fieldset>
  );
}

function VatField({ line, onChange }: { line: Typed; onChange: (line: Typed) => void }) {
  const p = pw.value;
  const percent = `${line.vatPercent}%`;
  const texts = {
    exempt: p.exempt,
    standard: p.vatCharged.replace('{percent}', percent),
    'reverse-charge': p.reverseCharge,
  };
  return (
    <label class="field">
      {p.vat}
      <select
        value={line.reason}
        onChange={(event) => {
          const reason = REASONS.find((each) => each === event.currentTarget.value);
          if (reason !== undefined) onChange({ ...line, reason });
        }}
      >
        {REASONS.map((reason) => (
          <option key={reason} value={reason}>
            {texts[reason]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Input(props: {
  label: string;
  value: string;
  type?: 'text' | 'datetime-local';
  isOptional?: boolean;
  onInput: (value: string) => void;
}) {
  const { label, value, type = 'text', isOptional = false, onInput } = props;
  const field = {
    required: !isOptional,
    value,
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => {
      onInput(event.currentTarget.value);
    },
  };
  return (
    <label class="field">
      {label}
      {type === 'text' ? (
        <input type="text" inputMode="decimal" {...field} />
      ) : (
        <input type="datetime-local" {...field} />
      )}
    </label>
  );
}

function typedOf(like: PriceTerms | null): readonly Typed[] {
  return METHODS.map((method) => {
    const line = like?.lines.find((each) => each.method === method);
    return line === undefined ? blankOf(method) : typedLine(line);
  });
}

function blankOf(method: PriceLine['method']): Typed {
  return {
    ...{ method, isOn: method === 'default', percent: '0', fixed: '0', minimum: '0', cap: '' },
    ...{ reason: 'exempt', vatPercent: VAT_PERCENT },
  };
}

function typedLine({ method, basisPoints, fixedMinor, minimumMinor, capMinor, vat }: PriceLine) {
  const text = (hundredths: string): string => wholesOf(hundredths, COMMAS[language.value]);
  return {
    ...{ method, isOn: true, percent: text(basisPoints), fixed: text(fixedMinor) },
    ...{ minimum: text(minimumMinor), cap: capMinor === null ? '' : text(capMinor) },
    ...{ reason: vat.reason, vatPercent: vat.reason === 'standard' ? vat.percent : VAT_PERCENT },
  };
}

/** Null when something is no number. */
function saidOf(lines: readonly Typed[]): readonly PriceLine[] | null {
  const said = lines.filter(({ isOn }) => isOn).map(lineOf);
  return said.every((line) => line !== null) ? said : null;
}

function lineOf({ method, percent, fixed, minimum, cap, reason, vatPercent }: Typed) {
  const basisPoints = basisPointsOf(percent);
  const [fixedMinor, minimumMinor] = [centsOf(fixed), centsOf(minimum)];
  const capMinor = cap.trim() === '' ? null : centsOf(cap);
  if (basisPoints === null || fixedMinor === null || minimumMinor === null) return null;
  if (cap.trim() !== '' && capMinor === null) return null;
  const vat = {
    reason,
    percent: reason === 'standard' ? vatPercent.replace(',', '.').trim() : '0',
  };
  return { method, basisPoints, fixedMinor, minimumMinor, capMinor, vat };
}
