import type { Method, Source } from './checkout-api.js';
import { button, el } from './dom.js';
import { money } from './money.js';
import type { ViewContext } from './view-context.js';
import { fill, SHEET_WORDS } from './words.js';

/** The source of funds: the one used last, and a list behind "change". */
export class SourcePicker {
  readonly element = el('div', { class: 'sources' });
  chosen: Method;

  constructor(
    private readonly context: ViewContext,
    private readonly onChange: () => void,
  ) {
    this.chosen = context.sheet.preferred;
    this.fold();
  }

  set disabled(disabled: boolean) {
    const controls = this.element.querySelectorAll<HTMLInputElement | HTMLButtonElement>(
      'input, button',
    );
    for (const control of controls) control.disabled = disabled || !this.isUsable(control);
  }

  private isUsable(control: Element): boolean {
    return !(control instanceof HTMLInputElement) || this.canPay(control.value);
  }

  private canPay(method: string): boolean {
    const source = this.context.sheet.sources.find((one) => one.method === method);
    return source !== undefined && (source.method !== 'wallet' || source.enough === true);
  }

  private fold(): void {
    const { sheet, language } = this.context;
    const words = SHEET_WORDS[language];
    const source = sheet.sources.find(({ method }) => method === this.chosen);
    const row = el('div', { class: 'source' });
    if (source !== undefined) row.append(this.label(source));
    if (sheet.sources.length > 1) {
      const change = button(words.change, 'link', () => {
        this.unfold();
      });
      change.setAttribute('aria-label', `${words.change}: ${words.source}`);
      row.append(change);
    }
    this.element.replaceChildren(el('p', { class: 'legend' }, words.source), row);
  }

  private unfold(): void {
    const { sheet, language } = this.context;
    const list = el(
      'fieldset',
      {},
      el('legend', { class: 'legend' }, SHEET_WORDS[language].source),
    );
    for (const source of sheet.sources) list.append(this.option(source));
    list.addEventListener('change', () => {
      const checked = list.querySelector<HTMLInputElement>('input:checked');
      const source = sheet.sources.find(({ method }) => method === checked?.value);
      this.chosen = source?.method ?? this.chosen;
      this.onChange();
    });
    this.element.replaceChildren(list);
    list.querySelector<HTMLInputElement>('input:checked')?.focus();
  }

  private option(source: Source): HTMLElement {
    const input = el('input', {
      type: 'radio',
      name: 'source',
      value: source.method,
      checked: source.method === this.chosen,
      disabled: !this.canPay(source.method),
    });
    return el('label', { class: 'source' }, input, this.label(source));
  }

  private label(source: Source): HTMLElement {
    const { sheet, language } = this.context;
    const words = SHEET_WORDS[language];
    if (source.method === 'ideal') return named(words.ideal, words.idealHint);
    if (source.method === 'card') return named(words.card, words.cardHint);
    const amount = money(source.available_minor ?? '0', sheet.amount.currency, language);
    const hint = source.enough === true ? words.walletAvailable : words.walletShort;
    return named(words.wallet, fill(hint, { amount }));
  }
}

function named(name: string, hint: string): HTMLElement {
  return el('span', { class: 'what' }, name, el('small', {}, hint));
}
