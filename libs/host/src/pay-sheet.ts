import { CheckoutApi, CheckoutProblem, type Sheet, type ShownAttempt } from './checkout-api.js';
import { button, el } from './dom.js';
import type { Language } from './money.js';
import { PAYMENT } from './outcomes.js';
import { nextState, type SheetEvent, type SheetState } from './sheet-states.js';
import { choiceOf, openBankWindow, refusalOf } from './sheet-outcomes.js';
import { SHEET_STYLE } from './sheet-style.js';
import {
  bankView,
  nameOf,
  resultView,
  type ReviewView,
  reviewView,
  type ViewContext,
} from './sheet-views.js';
import { SHEET_WORDS } from './words.js';

const PAID_SHOWN_MS = 1_200;
const LOOK_AGAIN_MS = 1_000;

/**
 * The one place where a payer says yes. A modal dialog in the top layer: nothing of the mini-program can lie over it or
 * take its focus. `pay` resolves with WeChat's `errMsg`, once, and never says that it was cancelled before the server did.
 */
export class PaySheet extends HTMLElement {
  api = new CheckoutApi();
  language: Language = 'nl';
  private state: SheetState = 'closed';
  private readonly dialog = el('dialog');
  private readonly live = el('p', { role: 'status', class: 'message' });
  private readonly body = el('div');
  private context: ViewContext | undefined;
  private review: ReviewView | undefined;
  private bank: Window | null = null;
  private openSheet: (() => Promise<Sheet>) | undefined;
  private finish: ((errMsg: string) => void) | undefined;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    const style = new CSSStyleSheet();
    style.replaceSync(SHEET_STYLE);
    root.adoptedStyleSheets = [style];
    this.dialog.append(this.body, this.live);
    root.append(this.dialog);
    this.dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      this.escape();
    });
  }

  get isOpen(): boolean {
    return this.state !== 'closed';
  }

  /** Opens the sheet for what `open` fetches. @returns WeChat's `errMsg`, exactly. */
  pay(open: () => Promise<Sheet>): Promise<string> {
    if (!this.move('open')) return Promise.resolve(PAYMENT.anotherOpen.errMsg);
    this.openSheet = open;
    const outcome = new Promise<string>((resolve) => {
      this.finish = resolve;
    });
    this.dialog.lang = this.language;
    this.dialog.setAttribute('aria-label', this.words.loading);
    this.show([
      el(
        'p',
        { class: 'message' },
        el('span', { class: 'spinner', 'aria-hidden': 'true' }),
        this.words.loading,
      ),
    ]);
    this.dialog.showModal();
    void this.load();
    return outcome;
  }

  private get words(): (typeof SHEET_WORDS)[Language] {
    return SHEET_WORDS[this.language];
  }

  private move(event: SheetEvent): boolean {
    const next = nextState(this.state, event);
    if (next === undefined) return false;
    this.state = next;
    return true;
  }

  private show(nodes: readonly Node[]): void {
    this.body.replaceChildren(...nodes);
  }

  private async load(): Promise<void> {
    try {
      const sheet = await this.openSheet?.();
      if (sheet === undefined || !this.move('loaded')) return;
      this.context = { sheet, language: this.language };
      this.dialog.setAttribute('aria-label', nameOf(this.context));
      if (sheet.state === 'created') this.showReview();
      else await this.adopt(sheet);
    } catch (error) {
      // Nothing was begun: the mini-program hears why, and the sheet is gone.
      this.end(refusalOf(error));
    }
  }

  /** An earlier sheet of this payer is already at the bank: this one goes on with it. */
  private async adopt(sheet: Sheet): Promise<void> {
    this.move('confirm');
    await this.follow(await this.api.look(sheet.attempt_id));
  }

  private showReview(): void {
    if (this.context === undefined) return;
    this.review = reviewView(this.context, {
      confirm: () => void this.confirm(),
      cancel: () => void this.cancel(),
    });
    this.show(this.review.nodes);
    this.review.first.focus();
  }

  private async confirm(): Promise<void> {
    const { context, review } = this;
    if (context === undefined || review === undefined || this.state !== 'review') return;
    const { method, pin } = review.choice();
    // A window opens only in the tap itself; where it goes is known a moment later.
    this.bank = method === 'ideal' ? openBankWindow() : null;
    this.move('confirm');
    review.setBusy();
    try {
      const attempt = await this.api.confirm(context.sheet.attempt_id, choiceOf(method, pin));
      await this.follow(attempt);
    } catch (error) {
      this.bank?.close();
      await this.afterLostAnswer(error);
    }
  }

  /** The server said no before anything began, or its answer was lost: then only asking tells. */
  private async afterLostAnswer(error: unknown): Promise<void> {
    if (error instanceof CheckoutProblem) {
      const text = this.problemText(error);
      if (text === undefined) {
        this.fail(error.message, refusalOf(error));
        return;
      }
      this.move('refused');
      this.review?.setProblem(text);
      return;
    }
    this.live.textContent = this.words.offline;
    await this.untilKnown();
  }

  /** What can be mended on the sheet itself; undefined when this attempt is over. */
  private problemText(problem: CheckoutProblem): string | undefined {
    if (['PIN_WRONG', 'PIN_MISSING', 'PARAM_ERROR'].includes(problem.code))
      return this.words.pinWrong;
    return problem.code === 'PIN_LOCKED' ? this.words.pinLocked : undefined;
  }

  /** Goes where the attempt is now. */
  private async follow(attempt: ShownAttempt): Promise<void> {
    if (attempt.err_msg !== null) {
      this.showOutcome(attempt);
      return;
    }
    if (attempt.redirect_url === null) this.offerLeaving();
    else this.atBank(attempt);
    await this.untilKnown(attempt.state);
  }

  private atBank({ redirect_url: url }: ShownAttempt): void {
    if (url === null || this.context === undefined || !this.move('redirected')) return;
    if (this.bank !== null) this.bank.location.href = url;
    const leave = (): void => {
      this.leave();
    };
    this.show(bankView(this.context, url, leave));
  }

  /** Asks until the attempt has ended, or the payer does not wait any longer. */
  private async untilKnown(seen?: string): Promise<void> {
    const id = this.context?.sheet.attempt_id;
    let state = seen;
    while (id !== undefined && (this.state === 'atBank' || this.state === 'confirming')) {
      try {
        const attempt = await this.api.look(id, state);
        state = attempt.state;
        this.live.textContent = '';
        if (attempt.err_msg !== null) this.showOutcome(attempt);
        else if (this.state === 'confirming' && attempt.redirect_url !== null) this.atBank(attempt);
      } catch {
        this.live.textContent = this.words.offline;
        this.offerLeaving();
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      }
    }
  }

  private offerLeaving(): void {
    if (this.body.querySelector('.leave') !== null) return;
    const leave = button(this.words.leave, 'secondary', () => {
      this.leave();
    });
    leave.classList.add('leave');
    this.body.append(leave);
  }

  private showOutcome(attempt: ShownAttempt): void {
    this.bank?.close();
    const errMsg = attempt.err_msg ?? PAYMENT.pending.errMsg;
    if (errMsg !== PAYMENT.ok.errMsg) {
      const code = attempt.failure?.code ?? '';
      this.fail(this.words.failures[code] ?? '', errMsg);
      return;
    }
    if (!this.move('paid')) return;
    this.show(resultView(this.context, { paid: true, hint: '', language: this.language }, []));
    this.live.textContent = '';
    this.announce(this.words.paid);
    setTimeout(() => {
      this.end(errMsg);
    }, PAID_SHOWN_MS);
  }

  /** Waits for the payer: they decide whether to try again. */
  private fail(reason: string, errMsg: string): void {
    if (!this.move('failed')) return;
    const again = button(this.words.again, 'primary', () => {
      if (!this.move('again')) return;
      this.show([el('p', { class: 'message' }, this.words.loading)]);
      void this.load();
    });
    const close = button(this.words.close, 'secondary', () => {
      this.end(errMsg);
    });
    const hint = `${reason} ${this.words.notCharged}`.trim();
    this.show(
      resultView(this.context, { paid: false, hint, language: this.language }, [again, close]),
    );
    this.announce(`${this.words.failed}. ${hint}`);
    again.focus();
    this.onClose = () => {
      this.end(errMsg);
    };
  }

  private onClose: (() => void) | undefined;

  private announce(text: string): void {
    const said = el('span', { class: 'said' }, text);
    said.style.cssText =
      'position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)';
    this.live.replaceChildren(said);
  }

  /** Escape: only before confirm is it a cancel; afterwards it does nothing but close what has ended. */
  private escape(): void {
    if (this.state === 'review') void this.cancel();
    else if (this.state === 'failed') this.onClose?.();
  }

  private async cancel(): Promise<void> {
    const id = this.context?.sheet.attempt_id;
    if (id === undefined || this.state !== 'review' || !this.move('cancel')) return;
    try {
      const attempt = await this.api.cancel(id);
      if (attempt.err_msg === PAYMENT.ok.errMsg) this.showOutcome(attempt);
      else this.end(attempt.err_msg ?? PAYMENT.pending.errMsg);
    } catch {
      // Nobody told us that it is closed, so it may not be.
      this.end(PAYMENT.pending.errMsg);
    }
  }

  private leave(): void {
    this.end(PAYMENT.pending.errMsg);
  }

  private end(errMsg: string): void {
    if (!this.move('done')) return;
    this.dialog.close();
    this.show([]);
    this.live.textContent = '';
    this.context = undefined;
    this.review = undefined;
    this.onClose = undefined;
    this.finish?.(errMsg);
    this.finish = undefined;
  }
}
