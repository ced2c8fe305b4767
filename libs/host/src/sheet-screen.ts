import { ActionBar } from './action-bar.js';
import type { Method, OpenedSheet } from './checkout-api.js';
import { el } from './dom.js';
import type { Failure, FlowView, Mendable } from './flow-ports.js';
import type { Language } from './money.js';
import { minutesText, OrderClock } from './order-clock.js';
import {
  failedWords,
  headOf,
  nameOf,
  paidWords,
  ReviewForm,
  spinner,
  valuesOf,
} from './sheet-views.js';
import { fill, SHEET_WORDS, type SheetWords } from './words.js';

/** What the payer can do; what comes of it is the flow's. */
export interface ScreenActions {
  confirm(choice: { method: Method; pin: string }): void;
  cancel(): void;
  leave(): void;
  again(): void;
  close(): void;
  expire(): void;
}

interface Action {
  readonly label: string;
  readonly on: () => void;
}

/** Faster than this, nobody is shown that something is being fetched. */
const QUIET_MS = 300;

/** The dialog that a payer sees: what the flow says, in words and buttons. */
export class SheetScreen implements FlowView {
  private readonly head = el('div');
  private readonly live = el('div', { role: 'status', class: 'live' });
  private readonly notice = el('p', { role: 'status', class: 'notice' });
  private readonly bar = new ActionBar();
  readonly dialog = el(
    'dialog',
    { 'aria-describedby': 'what' },
    ...[this.head, this.live, this.notice, this.bar.element],
  );
  private form: ReviewForm | undefined;
  private sheet: OpenedSheet | undefined;
  private quiet: ReturnType<typeof setTimeout> | undefined;
  private readonly clock = new OrderClock({
    soon: (leftMs) => {
      const time = minutesText(leftMs, this.language());
      this.notice.textContent = fill(this.words.expiresSoon, { time });
    },
    over: () => {
      this.on.expire();
    },
  });

  constructor(
    private readonly on: ScreenActions,
    private readonly language: () => Language,
  ) {}

  loading(): void {
    this.bar.set({
      primary: { label: this.words.loading, on: nothing, busy: true },
      secondary: this.cancelAction(),
    });
    if (this.dialog.open) return;
    this.dialog.setAttribute('aria-label', this.words.loading);
    this.quiet = setTimeout(() => {
      this.open();
      this.bar.secondary.focus();
    }, QUIET_MS);
  }

  review(sheet: OpenedSheet): void {
    const context = { sheet, language: this.language() };
    const submit = (): void => {
      this.submit();
    };
    this.form = new ReviewForm(context, {
      change: () => {
        this.offerPay(sheet);
      },
      submit,
    });
    this.dialog.setAttribute('aria-label', nameOf(context));
    this.head.replaceChildren(headOf(context), this.form.element);
    this.live.replaceChildren();
    this.offerPay(sheet);
    this.open();
    (this.form.first ?? this.bar.primary).focus();
    this.clock.start(sheet.expires_in_ms);
  }

  problem(what: Mendable): void {
    const { form } = this;
    if (form === undefined) return;
    form.busy = false;
    if (what === 'PIN_WRONG') form.forgetPin();
    this.live.replaceChildren();
    if (this.sheet !== undefined) this.offerPay(this.sheet);
    form.setProblem(this.words.problems[what]);
    (form.first ?? this.bar.primary).focus();
  }

  confirming(sheet: OpenedSheet): void {
    this.sheet = sheet;
    this.clock.stop();
    this.notice.textContent = '';
    if (this.form === undefined) {
      const context = { sheet, language: this.language() };
      this.dialog.setAttribute('aria-label', nameOf(context));
      this.head.replaceChildren(headOf(context));
      this.open();
    } else this.form.busy = true;
    this.live.replaceChildren(el('span', { class: 'heard' }, this.words.confirming));
    this.bar.set({
      primary: { label: this.words.confirming, on: nothing, busy: true },
      secondary: this.leaveAction(),
    });
  }

  held(): void {
    this.notice.textContent = '';
    this.live.replaceChildren(
      el('p', { class: 'message' }, spinner(), this.words.held),
      el('p', { class: 'hint' }, this.words.heldHint),
    );
    this.bar.set({ secondary: this.leaveAction() });
    this.bar.secondary.focus();
  }

  atBank(sheet: OpenedSheet, bankUrl: string): void {
    const byCard = this.form?.method === 'card';
    this.head.replaceChildren(headOf({ sheet, language: this.language() }));
    this.live.replaceChildren(
      el('p', { class: 'message' }, spinner(), byCard ? this.words.atCard : this.words.atBank),
      el('p', { class: 'hint' }, this.words.leaveHint),
    );
    this.bar.set({
      link: { label: byCard ? this.words.openCard : this.words.openBank, url: bankUrl },
      secondary: this.leaveAction(),
    });
    this.bar.link.focus();
  }

  ending(): void {
    this.clock.stop();
    if (this.form !== undefined) this.form.busy = true;
    this.bar.set({ secondary: { label: this.words.cancelling, on: nothing, busy: true } });
    this.bar.secondary.focus();
  }

  paid(sheet: OpenedSheet): void {
    this.showResult(paidWords({ sheet, language: this.language() }));
    this.bar.set({ secondary: this.closeAction() });
    this.bar.secondary.focus();
  }

  failed(failure: Failure): void {
    this.showResult(failedWords(this.language(), failure));
    const again = {
      label: this.words.again,
      on: () => {
        this.on.again();
      },
    };
    const secondary = this.closeAction();
    this.bar.set(failure.again ? { primary: again, secondary } : { secondary });
    (failure.again ? this.bar.primary : this.bar.secondary).focus();
  }

  offline(isOffline: boolean): void {
    this.notice.textContent = isOffline ? this.words.offline : '';
  }

  gone(): void {
    clearTimeout(this.quiet);
    this.clock.stop();
    this.dialog.close();
    this.head.replaceChildren();
    this.live.replaceChildren();
    this.notice.textContent = '';
    this.form = undefined;
    this.sheet = undefined;
  }

  /** Shows the dialog if it is not there. */
  open(): void {
    clearTimeout(this.quiet);
    this.dialog.lang = this.language();
    if (!this.dialog.open) this.dialog.showModal();
  }

  private showResult(nodes: readonly Node[]): void {
    this.clock.stop();
    this.form = undefined;
    this.notice.textContent = '';
    this.head.replaceChildren();
    this.open();
    this.live.replaceChildren(...nodes);
  }

  private get words(): SheetWords {
    return SHEET_WORDS[this.language()];
  }

  private get payWords(): string {
    const { words } = this;
    switch (this.form?.method) {
      case 'wallet':
        return words.pay;
      case 'card':
        return words.payByCard;
      case 'ideal':
      case undefined:
        return words.payAtBank;
    }
  }

  private offerPay(sheet: OpenedSheet): void {
    this.sheet = sheet;
    const label = fill(this.payWords, valuesOf({ sheet, language: this.language() }));
    const on = (): void => {
      this.submit();
    };
    this.bar.set({ primary: { label, on }, secondary: this.cancelAction() });
  }

  private submit(): void {
    const { form } = this;
    if (form === undefined) return;
    const pin = form.pinDigits;
    if (form.method === 'wallet' && pin === undefined) {
      form.setProblem(this.words.pinShort);
      form.first?.focus();
      return;
    }
    this.on.confirm({ method: form.method, pin: pin ?? '' });
  }

  private cancelAction(): Action {
    return {
      label: this.words.cancel,
      on: () => {
        this.on.cancel();
      },
    };
  }

  private leaveAction(): Action {
    return {
      label: this.words.leave,
      on: () => {
        this.on.leave();
      },
    };
  }

  private closeAction(): Action {
    return {
      label: this.words.close,
      on: () => {
        this.on.close();
      },
    };
  }
}

function nothing(): void {
  // Progress in place: the button is there to be read.
}
