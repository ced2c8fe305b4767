import {
  CheckoutProblem,
  type Method,
  type OpenedSheet,
  type ShownAttempt,
} from './checkout-api.js';
import type { BankWindow, Failure, FlowApi, FlowTools, FlowView, Mendable } from './flow-ports.js';
import { PAYMENT, refusalOf } from './outcomes.js';
import { nextState, type SheetEvent, type SheetState } from './sheet-states.js';

const PAID_SHOWN_MS = 1_200;
const LOOK_AGAIN_MS = 1_000;

const CANCELLED = 'requestPayment:fail cancel';

/** Said before anything began; every other error after a confirm leaves it open, and only asking tells. */
const MENDABLE: Readonly<Record<string, Mendable>> = {
  PIN_WRONG: 'PIN_WRONG',
  PIN_LOCKED: 'PIN_LOCKED',
  PIN_MISSING: 'PIN_MISSING',
  PARAM_ERROR: 'PIN_WRONG',
  PSP_UNREACHABLE: 'PSP_UNREACHABLE',
};
/** Said before anything began too, and whether another attempt could go better. */
const REFUSED: Readonly<Record<string, 'again' | 'final'>> = {
  ANOTHER_ATTEMPT_OPEN: 'again',
  ORDER_ALREADY_PAID: 'final',
  ORDER_IS_CLOSED: 'final',
  ORDER_IS_EXPIRED: 'final',
  RISK_REFUSED: 'final',
  NOT_SIGNED_IN: 'final',
  NOT_FOUND: 'final',
};

/**
 * One payment from the sheet's opening to `requestPayment`'s message, which comes exactly once. "cancel" is said only
 * after the server closed the attempt, "ok" only after the server was paid, and where nobody knows it is "pending".
 */
export class PaymentFlow {
  private state: SheetState = 'closed';
  private sheet: OpenedSheet | undefined;
  private bank: BankWindow | null = null;
  private wasHeld = false;
  private fetchSheet: (() => Promise<OpenedSheet>) | undefined;
  private finish: ((errMsg: string) => void) | undefined;
  private failedWith: string = PAYMENT.pending.errMsg;

  constructor(
    private readonly api: () => FlowApi,
    private readonly view: FlowView,
    private readonly tools: FlowTools,
  ) {}

  get isOpen(): boolean {
    return this.state !== 'closed';
  }

  /** @returns WeChat's `errMsg`, exactly. */
  pay(fetchSheet: () => Promise<OpenedSheet>): Promise<string> {
    if (!this.move('open')) return Promise.resolve(PAYMENT.anotherOpen.errMsg);
    this.fetchSheet = fetchSheet;
    const outcome = new Promise<string>((resolve) => {
      this.finish = resolve;
    });
    void this.load();
    return outcome;
  }

  async confirm(choice: { method: Method; pin: string }): Promise<void> {
    const { sheet } = this;
    if (sheet === undefined || !this.move('confirm')) return;
    const { method, pin } = choice;
    this.bank = method === 'wallet' ? null : this.tools.openBankWindow();
    this.wasHeld = false;
    this.view.confirming(sheet);
    const body = method === 'wallet' ? { method, pin } : { method };
    const attempt = await this.api()
      .confirm(sheet.attempt_id, body)
      .catch((error: unknown) => {
        if (this.sheet === sheet) this.refuse(error);
      });
    if (attempt !== undefined) this.follow(sheet, attempt);
    await this.watch(sheet, attempt?.state);
  }

  /** Before confirm: the server closes the attempt first, and what it answers is the truth. */
  cancel(): Promise<void> {
    return this.endUnconfirmed(CANCELLED);
  }

  /** After confirm there is no cancel: the payer only stops waiting. */
  leave(): void {
    if (!this.is('confirming', 'atBank')) return;
    // A window that has not found the bank yet never will.
    if (this.is('confirming')) this.closeBank();
    this.end(PAYMENT.pending.errMsg);
  }

  again(): void {
    if (this.move('again')) void this.load();
  }

  /** Puts away what has ended. */
  close(): void {
    if (this.state === 'failed') this.end(this.failedWith);
    else if (this.state === 'paid') this.end(PAYMENT.ok.errMsg);
  }

  /** The order's time is over: that is a cancel which nobody asked for. */
  async expire(): Promise<void> {
    if (this.is('review')) await this.endUnconfirmed(PAYMENT.expired.errMsg);
  }

  /** Escape, or the phone's back gesture: a cancel before confirm, nothing while money may move. */
  escape(): void {
    if (this.is('review', 'loading')) void this.cancel();
    else this.close();
  }

  /** Whoever asked for the payment is gone. */
  dismiss(): void {
    this.escape();
    this.leave();
  }

  private move(event: SheetEvent): boolean {
    const next = nextState(this.state, event);
    if (next === undefined) return false;
    this.state = next;
    return true;
  }

  private is(...states: readonly SheetState[]): boolean {
    return states.includes(this.state);
  }

  private async load(): Promise<void> {
    this.sheet = undefined;
    this.view.loading();
    const sheet = await this.fetchSheet?.().catch((error: unknown) => {
      // Nothing was begun: whoever asked hears why, and the sheet is gone.
      this.end(refusalOf(error));
    });
    if (sheet === undefined) return;
    this.sheet = sheet;
    if (this.is('ending')) return this.endAtServer(sheet, CANCELLED);
    if (sheet.state !== 'created') return this.adopt(sheet);
    if (this.move('loaded')) this.view.review(sheet);
  }

  /** An earlier sheet of this payer is already at the bank, and nobody could end it: this one goes on with it. */
  private async adopt(sheet: OpenedSheet): Promise<void> {
    if (!this.move('adopted')) return;
    this.view.confirming(sheet);
    await this.watch(sheet);
  }

  private async endUnconfirmed(because: string): Promise<void> {
    if (this.is('ending') || !this.move('cancel')) return;
    this.view.ending();
    // What is not here yet cannot be closed yet: `load` goes on with it.
    if (this.sheet !== undefined) await this.endAtServer(this.sheet, because);
  }

  private async endAtServer({ attempt_id: id }: OpenedSheet, because: string): Promise<void> {
    const answer = await this.api()
      .cancel(id)
      .catch(() => undefined);
    // Without an answer nobody told us that it is closed, so it may not be.
    const errMsg = answer?.err_msg ?? PAYMENT.pending.errMsg;
    if (errMsg === PAYMENT.ok.errMsg) this.showPaid();
    else if (errMsg !== CANCELLED || because === CANCELLED) this.end(errMsg);
    else this.fail({ code: 'ORDER_IS_EXPIRED', again: false }, because);
  }

  /** The server said no before anything began; any other error leaves the state as it is, to be asked about. */
  private refuse(error: unknown): void {
    if (!(error instanceof CheckoutProblem)) return;
    const { code } = error;
    const mendable = MENDABLE[code];
    if (mendable !== undefined) this.backToReview(mendable);
    else if (code in REFUSED)
      this.fail({ code, again: REFUSED[code] === 'again' }, refusalOf(error));
  }

  private backToReview(what: Mendable): void {
    if (!this.move('refused')) return;
    this.closeBank();
    this.view.problem(what);
  }

  /** Asks until the attempt has ended, or the payer does not wait any longer. */
  private async watch(sheet: OpenedSheet, seen?: string): Promise<void> {
    let state = seen;
    while (this.waitsFor(sheet)) {
      const attempt = await this.api()
        .look(sheet.attempt_id, state)
        .catch(() => undefined);
      if (!this.waitsFor(sheet)) return;
      this.view.offline(attempt === undefined);
      if (attempt === undefined) {
        await this.tools.pause(LOOK_AGAIN_MS);
        continue;
      }
      state = attempt.state;
      this.follow(sheet, attempt);
    }
  }

  /** False also when the payer went on, and this is another payment's sheet by now. */
  private waitsFor(sheet: OpenedSheet): boolean {
    return this.sheet === sheet && this.is('confirming', 'atBank');
  }

  /** Goes where the attempt is now. */
  private follow(sheet: OpenedSheet, attempt: ShownAttempt): void {
    const { err_msg: errMsg, redirect_url: url } = attempt;
    if (!this.waitsFor(sheet)) return;
    if (errMsg === PAYMENT.ok.errMsg) this.showPaid();
    else if (errMsg !== null) this.fail(failureOf(attempt), errMsg);
    else if (attempt.state === 'created') this.waitOrMend(attempt.held_until !== null);
    else if (url !== null && this.is('confirming') && this.move('redirected')) {
      this.bank?.go(url);
      this.view.atBank(sheet, url);
    }
  }

  /** The confirm got lost on its way, or staff let it go on: the payer presses again, and it is still one attempt. */
  private waitOrMend(isHeld: boolean): void {
    if (!isHeld) {
      this.backToReview(this.wasHeld ? 'CHECKED' : 'NOTHING_SENT');
    } else if (!this.wasHeld) {
      this.closeBank();
      this.view.held();
    }
    this.wasHeld = isHeld;
  }

  private showPaid(): void {
    const { sheet } = this;
    if (sheet === undefined || !this.move('paid')) return;
    this.closeBank();
    this.view.paid(sheet);
    void this.tools.pause(PAID_SHOWN_MS).then(() => {
      if (this.sheet === sheet) this.close();
    });
  }

  /** Waits for the payer: they decide whether to try again. */
  private fail(failure: Failure, errMsg: string): void {
    if (!this.move('failed')) return;
    this.closeBank();
    this.failedWith = errMsg;
    this.view.failed(failure);
  }

  private closeBank(): void {
    this.bank?.close();
    this.bank = null;
  }

  private end(errMsg: string): void {
    if (!this.isOpen || !this.move('done')) return;
    this.bank = null;
    this.sheet = undefined;
    this.view.gone();
    this.finish?.(errMsg);
    this.finish = undefined;
  }
}

function failureOf({ state, failure }: ShownAttempt): Failure {
  // The bank said yes after the order had ended: that money is on its way back.
  if (state === 'refundDue') return { code: 'PAID_BACK', again: false };
  const code = failure?.code ?? '';
  return { code, again: REFUSED[code] !== 'final' };
}
