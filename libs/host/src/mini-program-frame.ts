import { CheckoutApi, CheckoutProblem, type PaymentParameters } from './checkout-api.js';
import { outcomeOf, type Outcome, PAYMENT } from './outcomes.js';
import type { PaySheet } from './pay-sheet.js';
import {
  CallLimit,
  INVALID_REQUEST,
  readCall,
  type RpcCall,
  type RpcError,
  TOO_MANY,
  UNKNOWN_METHOD,
} from './rpc.js';

export interface Launch {
  readonly appid: string;
  /** The mini-program's own origin; never the host's. */
  readonly frameUrl: string;
  readonly title: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly scene: string;
}

type Answer = { readonly result: unknown } | { readonly error: RpcError };

/**
 * A mini-program in a frame that can do nothing but run and draw: an opaque origin, no permissions, and one MessagePort
 * to us. Calls belong to the frame's appid whatever they say.
 */
export class MiniProgramFrame extends HTMLElement {
  api = new CheckoutApi();
  sheet: PaySheet | undefined;
  private frame: HTMLIFrameElement | undefined;
  private port: MessagePort | undefined;
  private listening: AbortController | undefined;

  open(launch: Launch): void {
    this.close();
    const listening = new AbortController();
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts allow-forms');
    frame.setAttribute('allow', '');
    frame.referrerPolicy = 'no-referrer';
    frame.title = launch.title;
    frame.src = launch.frameUrl;
    window.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        // Every reload of the frame says ready again and gets a new port; the old one is dead.
        if (event.source === frame.contentWindow && isReady(event.data))
          this.handOver(frame, launch);
      },
      { signal: listening.signal },
    );
    this.frame = frame;
    this.listening = listening;
    this.replaceChildren(frame);
  }

  /** Ends the mini-program; what it waited for it hears no more. */
  close(): void {
    this.listening?.abort();
    this.port?.close();
    this.frame?.remove();
    this.port = undefined;
    this.frame = undefined;
  }

  disconnectedCallback(): void {
    this.close();
  }

  focusFrame(): void {
    this.frame?.focus();
  }

  private handOver(frame: HTMLIFrameElement, launch: Launch): void {
    this.port?.close();
    const { port1, port2 } = new MessageChannel();
    const limit = new CallLimit();
    port1.onmessage = (message: MessageEvent<unknown>) => {
      void this.serve(launch, message.data, limit, port1);
    };
    this.port = port1;
    const { path, query, scene } = launch;
    // The frame's origin is opaque, so there is none to name; the port goes to this window only.
    frame.contentWindow?.postMessage({ stuiver: 'port', launch: { path, query, scene } }, '*', [
      port2,
    ]);
  }

  private async serve(
    launch: Launch,
    data: unknown,
    limit: CallLimit,
    port: MessagePort,
  ): Promise<void> {
    const call = readCall(data);
    if (call === undefined) {
      port.postMessage({ jsonrpc: '2.0', id: null, error: INVALID_REQUEST });
      return;
    }
    const answer = limit.allows(performance.now())
      ? await this.answer(launch, call)
      : { error: TOO_MANY };
    port.postMessage({ jsonrpc: '2.0', id: call.id, ...answer });
  }

  private async answer(launch: Launch, call: RpcCall): Promise<Answer> {
    switch (call.method) {
      case 'login':
        return this.login(launch.appid);
      case 'checkSession':
        return { result: {} };
      case 'requestPayment':
        return { result: await this.pay(launch.appid, call.params) };
      default:
        return { error: UNKNOWN_METHOD };
    }
  }

  private async login(appid: string): Promise<Answer> {
    try {
      return { result: { code: await this.api.login(appid) } };
    } catch (error) {
      const message = error instanceof CheckoutProblem ? error.message : 'network error';
      return { error: { code: -32000, message } };
    }
  }

  private async pay(appid: string, params: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const sheet = this.sheet;
    if (sheet === undefined || document.hidden) return PAYMENT.hidden;
    if (sheet.isOpen) return PAYMENT.anotherOpen;
    const parameters = params as unknown as PaymentParameters;
    const outcome = await sheet.pay(() => this.api.openSheet(appid, parameters));
    this.focusFrame();
    if (outcome === PAYMENT.ok.errMsg) this.dispatchEvent(new Event('stuiver-paid'));
    return outcomeOf(outcome);
  }
}

function isReady(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'stuiver' in data && data.stuiver === 'ready';
}
