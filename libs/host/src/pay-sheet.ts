import { openBankWindow } from './bank-window.js';
import { CheckoutApi, type OpenedSheet } from './checkout-api.js';
import type { Language } from './money.js';
import { PaymentFlow } from './payment-flow.js';
import { SheetScreen } from './sheet-screen.js';
import { SHEET_STYLE } from './sheet-style.js';
import { SHEET_WORDS } from './words.js';

/**
 * The one place where a payer says yes. A modal dialog in the top layer: nothing of the mini-program can lie over it or
 * take its focus. What happens is decided by PaymentFlow and shown by SheetScreen.
 */
export class PaySheet extends HTMLElement {
  api = new CheckoutApi();
  language: Language = 'nl';
  private readonly screen = new SheetScreen(
    {
      confirm: (choice) => void this.flow.confirm(choice),
      cancel: () => void this.flow.cancel(),
      leave: () => {
        this.flow.leave();
      },
      again: () => {
        this.flow.again();
      },
      close: () => {
        this.flow.close();
      },
      expire: () => void this.flow.expire(),
    },
    () => this.language,
  );
  private readonly flow = new PaymentFlow(() => this.api, this.screen, {
    openBankWindow: () => openBankWindow(SHEET_WORDS[this.language].toBank),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(SHEET_STYLE);
    root.adoptedStyleSheets = [style];
    root.append(this.screen.dialog);
    this.guard(this.screen.dialog);
  }

  disconnectedCallback(): void {
    this.flow.dismiss();
  }

  get isOpen(): boolean {
    return this.flow.isOpen;
  }

  /** Opens the sheet for what `open` fetches. @returns WeChat's `errMsg`, exactly, once. */
  pay(open: () => Promise<OpenedSheet>): Promise<string> {
    return this.flow.pay(open);
  }

  /** Whoever asked is gone: before confirm that is a cancel, afterwards nobody waits for the result. */
  dismiss(): void {
    this.flow.dismiss();
  }

  /** Only the flow closes the sheet. Browsers let a second Escape through, so every door is watched. */
  private guard(dialog: HTMLDialogElement): void {
    dialog.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.flow.escape();
    });
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.flow.escape();
    });
    dialog.addEventListener('close', () => {
      if (this.flow.isOpen) this.screen.open();
    });
  }
}
