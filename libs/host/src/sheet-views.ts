import type { Method } from './checkout-api.js';
import { el } from './dom.js';
import type { Failure } from './flow-ports.js';
import { type Language, money } from './money.js';
import { SourcePicker } from './source-picker.js';
import type { ViewContext } from './view-context.js';
import { failureWords, fill, SHEET_WORDS, type SheetWords } from './words.js';

const LINES_OPEN_MAX = 3;
const PIN_DIGITS = 6;

/** The payment's name: what a screen reader says first. */
export function nameOf(context: ViewContext): string {
  return fill(SHEET_WORDS[context.language].name, valuesOf(context));
}

export function valuesOf({ sheet, language }: ViewContext): { payee: string; amount: string } {
  const { total_minor: total, currency } = sheet.amount;
  return { payee: sheet.payee.name, amount: money(total, currency, language) };
}

/** Payee, amount, and what it is for. `id="what"` describes the dialog. */
export function headOf(context: ViewContext): HTMLElement {
  const words = SHEET_WORDS[context.language];
  const values = valuesOf(context);
  return el(
    'div',
    { class: 'head' },
    el('span', { class: 'avatar', 'aria-hidden': 'true' }, initialOf(values.payee)),
    el('p', { class: 'payee' }, fill(words.payTo, values)),
    el('p', { class: 'amount' }, values.amount),
    el('div', { id: 'what' }, linesOf(context)),
  );
}

function initialOf(name: string): string {
  return String.fromCodePoint(name.codePointAt(0) ?? 0x20).toUpperCase();
}

function linesOf({ sheet, language }: ViewContext): HTMLElement {
  const { lines, amount } = sheet;
  if (lines.length === 0) return el('p', { class: 'description' }, sheet.description);
  const items = lines.map(({ name, quantity, unit_price_minor: price }) => {
    const sumMinor = BigInt(price) * BigInt(quantity);
    return el(
      'li',
      {},
      el('span', {}, `${quantity}× ${name}`),
      el('span', {}, money(sumMinor.toString(), amount.currency, language)),
    );
  });
  const list = el('ul', {}, ...items);
  if (lines.length <= LINES_OPEN_MAX) return list;
  const count = String(lines.length);
  const summary = el('summary', {}, fill(SHEET_WORDS[language].lines, { count }));
  return el('details', {}, summary, list);
}

/** What the payer chooses and types before the one button. */
export class ReviewForm {
  readonly element: HTMLElement;
  private readonly picker: SourcePicker;
  private readonly pin: PinField;

  constructor(context: ViewContext, on: { change: () => void; submit: () => void }) {
    this.pin = new PinField(SHEET_WORDS[context.language], on.submit);
    this.picker = new SourcePicker(context, () => {
      this.pin.setProblem('');
      this.refresh();
      on.change();
    });
    this.element = el('div', {}, this.picker.element, this.pin.element);
    this.refresh();
  }

  get method(): Method {
    return this.picker.chosen;
  }

  /** The PIN as typed; undefined while it cannot be one. */
  get pinDigits(): string | undefined {
    return this.pin.input.value.length === PIN_DIGITS ? this.pin.input.value : undefined;
  }

  /** The first thing to do here; undefined when that is the button. */
  get first(): HTMLElement | undefined {
    return this.method === 'wallet' ? this.pin.input : undefined;
  }

  set busy(busy: boolean) {
    this.picker.disabled = busy;
    this.pin.input.readOnly = busy;
    if (busy) this.pin.setProblem('');
  }

  setProblem(text: string): void {
    this.pin.setProblem(text);
  }

  forgetPin(): void {
    this.pin.input.value = '';
  }

  private refresh(): void {
    this.pin.field.hidden = this.method !== 'wallet';
  }
}

class PinField {
  readonly input: HTMLInputElement;
  readonly field: HTMLElement;
  readonly element: HTMLElement;
  private readonly problem = el('p', { class: 'message bad', role: 'alert', id: 'problem' });

  constructor(words: SheetWords, onEnter: () => void) {
    this.input = el('input', {
      id: 'pin',
      type: 'password',
      inputmode: 'numeric',
      autocomplete: 'off',
      'aria-describedby': 'pin-hint problem',
    });
    this.input.addEventListener('input', () => {
      // Pasted with spaces it is still the PIN.
      this.input.value = this.input.value.replaceAll(/\D/g, '').slice(0, PIN_DIGITS);
    });
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') onEnter();
    });
    const label = el('label', { for: 'pin' }, words.pin);
    const hint = el('p', { class: 'hint', id: 'pin-hint' }, words.pinHint);
    this.field = el('div', { class: 'pin' }, label, this.input, hint);
    this.element = el('div', {}, this.field, this.problem);
  }

  setProblem(text: string): void {
    this.problem.textContent = text;
    this.input.setAttribute('aria-invalid', String(text !== ''));
  }
}

export function paidWords(context: ViewContext): readonly Node[] {
  const words = SHEET_WORDS[context.language];
  return resultOf('good', words.paid, fill(words.paidHint, valuesOf(context)));
}

export function failedWords(language: Language, failure: Failure): readonly Node[] {
  const words = SHEET_WORDS[language];
  return resultOf('bad', words.failed, failureWords(words, failure.code));
}

/** A word, an icon, and what it means: never colour alone. */
function resultOf(kind: 'good' | 'bad', word: string, hint: string): readonly Node[] {
  const icon = el('span', { class: 'icon', 'aria-hidden': 'true' }, kind === 'good' ? '✓' : '✕');
  return [
    el('p', { class: `result ${kind}` }, icon, el('span', {}, word)),
    el('p', { class: 'message' }, hint),
  ];
}

export function spinner(): HTMLElement {
  return el('span', { class: 'spinner', 'aria-hidden': 'true' });
}
