import type { Method, Sheet, Source } from './checkout-api.js';
import { button, el } from './dom.js';
import { type Language, money } from './money.js';
import { fill, SHEET_WORDS, type SheetWords } from './words.js';

const LINES_OPEN_MAX = 3;
const PIN_DIGITS = 6;

export interface ViewContext {
  readonly sheet: Sheet;
  readonly language: Language;
}

export interface ReviewView {
  readonly nodes: Node[];
  readonly first: HTMLElement;
  choice(): { method: Method; pin: string };
  setBusy(): void;
  setProblem(text: string): void;
}

/** The payment's name: what a screen reader says first, and the sheet's heading for everybody. */
export function nameOf({ sheet, language }: ViewContext): string {
  return fill(SHEET_WORDS[language].name, valuesOf({ sheet, language }));
}

function valuesOf({ sheet, language }: ViewContext): { payee: string; amount: string } {
  const { total_minor: total, currency } = sheet.amount;
  return { payee: sheet.payee.name, amount: money(total, currency, language) };
}

function headerOf(context: ViewContext): Node[] {
  const words = SHEET_WORDS[context.language];
  const { sheet } = context;
  const values = valuesOf(context);
  return [
    el('p', { class: 'payee' }, fill(words.payTo, values)),
    el('p', { class: 'amount' }, values.amount),
    ...(sheet.lines.length > 0 ? [] : [el('p', { class: 'description' }, sheet.description)]),
    ...linesOf(context),
  ];
}

function linesOf({ sheet, language }: ViewContext): Node[] {
  const { lines, amount } = sheet;
  if (lines.length === 0) return [];
  const items = lines.map(({ name, quantity, unit_price_minor: price }) =>
    el(
      'li',
      {},
      el('span', {}, `${quantity}× ${name}`),
      el(
        'span',
        {},
        money((BigInt(price) * BigInt(quantity)).toString(), amount.currency, language),
      ),
    ),
  );
  const list = el('ul', {}, ...items);
  if (lines.length <= LINES_OPEN_MAX) return [list];
  return [el('details', {}, el('summary', {}, SHEET_WORDS[language].lines), list)];
}

/** Payee, amount, source, one button. */
export function reviewView(
  context: ViewContext,
  on: { confirm: () => void; cancel: () => void },
): ReviewView {
  const { sheet, language } = context;
  const words = SHEET_WORDS[language];
  const values = valuesOf(context);
  const sources = el('fieldset', {}, el('legend', {}, words.source));
  for (const source of sheet.sources) sources.append(sourceOption(context, source));
  const pin = pinField(words);
  const pay = button('', 'primary', on.confirm);
  const leave = button(words.cancel, 'secondary', on.cancel);
  const problem = el('p', { class: 'message bad', role: 'alert' });
  const chosen = (): Method => {
    const checked = sources.querySelector<HTMLInputElement>('input:checked');
    return checked?.value === 'wallet' ? 'wallet' : 'ideal';
  };
  const refresh = (): void => {
    const wallet = chosen() === 'wallet';
    pin.field.hidden = !wallet;
    pay.textContent = fill(wallet ? words.pay : words.payAtBank, values);
  };
  sources.addEventListener('change', refresh);
  pin.input.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') on.confirm();
  });
  refresh();
  return {
    nodes: [...headerOf(context), sources, pin.field, problem, pay, leave],
    first: chosen() === 'wallet' ? pin.input : pay,
    choice: () => ({ method: chosen(), pin: pin.input.value }),
    setBusy: () => {
      problem.textContent = '';
      pay.disabled = true;
      pay.replaceChildren(
        el('span', { class: 'spinner', 'aria-hidden': 'true' }),
        words.confirming,
      );
      sources.disabled = true;
      pin.input.readOnly = true;
    },
    setProblem: (text) => {
      pay.disabled = false;
      sources.disabled = false;
      pin.input.readOnly = false;
      pin.input.value = '';
      refresh();
      problem.textContent = text;
      (chosen() === 'wallet' ? pin.input : pay).focus();
    },
  };
}

function sourceOption({ sheet, language }: ViewContext, source: Source): HTMLElement {
  const words = SHEET_WORDS[language];
  const { currency } = sheet.amount;
  const available = money(source.available_minor ?? '0', currency, language);
  const wallet = source.method === 'wallet';
  const hint = wallet
    ? fill(source.enough === true ? words.walletAvailable : words.walletShort, {
        amount: available,
      })
    : words.idealHint;
  const input = el('input', {
    type: 'radio',
    name: 'source',
    value: source.method,
    checked: source.method === sheet.preferred,
    disabled: wallet && source.enough !== true,
  });
  const label = el('span', {}, wallet ? words.wallet : words.ideal, el('small', {}, hint));
  return el('label', { class: 'source' }, input, label);
}

function pinField(words: SheetWords): { field: HTMLElement; input: HTMLInputElement } {
  const input = el('input', {
    id: 'pin',
    type: 'password',
    inputmode: 'numeric',
    autocomplete: 'off',
    maxlength: String(PIN_DIGITS),
    'aria-describedby': 'pin-hint',
  });
  const label = el('label', { for: 'pin' }, words.pin);
  const hint = el('p', { class: 'hint', id: 'pin-hint' }, words.pinHint);
  return { field: el('div', { class: 'pin' }, label, input, hint), input };
}

/** While the payer is at the bank: what to do, and a way out that promises nothing. */
export function bankView(context: ViewContext, bankUrl: string, onLeave: () => void): Node[] {
  const words = SHEET_WORDS[context.language];
  const link = el(
    'a',
    { class: 'button primary', href: bankUrl, target: '_blank', rel: 'noreferrer' },
    words.openBank,
  );
  return [
    ...headerOf(context),
    el(
      'p',
      { class: 'message' },
      el('span', { class: 'spinner', 'aria-hidden': 'true' }),
      words.atBank,
    ),
    link,
    button(words.leave, 'secondary', onLeave),
  ];
}

export function resultView(
  context: ViewContext | undefined,
  result: { paid: boolean; hint: string; language: Language },
  buttons: readonly HTMLElement[],
): Node[] {
  const words = SHEET_WORDS[result.language];
  const word = result.paid ? words.paid : words.failed;
  const icon = el('span', { 'aria-hidden': 'true' }, result.paid ? '✓' : '✕');
  const hint =
    context !== undefined && result.paid ? fill(words.paidHint, valuesOf(context)) : result.hint;
  return [
    el('p', { class: `result ${result.paid ? 'good' : 'bad'}` }, icon, el('span', {}, word)),
    el('p', { class: 'message' }, hint),
    ...buttons,
  ];
}
