import { CheckoutApi, CheckoutProblem } from './checkout-api.js';
import { type Outcome, outcomeOf, PAYMENT, withoutCancel } from './outcomes.js';
import type { PaySheet } from './pay-sheet.js';
import {
  CallLimit,
  INVALID_REQUEST,
  readCall,
  readPayment,
  REFUSED,
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

/** One opening of a mini-program: its calls belong to its appid, whatever they say. */
interface Running {
  readonly launch: Launch;
  /** Random and no secret: a document that was not launched by us does not know it. */
  readonly launchId: string;
  readonly frame: HTMLIFrameElement;
  /** One budget for the whole opening: a new port does not refill it. */
  readonly limit: CallLimit;
  readonly listening: AbortController;
  port: MessagePort | undefined;
  paying: boolean;
}

/**
 * A mini-program in a frame that can do nothing but run and draw: an opaque origin, no permissions, and one MessagePort
 * to us. Fires `stuiver-paid` when a payment was made in it.
 */
export class MiniProgramFrame extends HTMLElement {
  api = new CheckoutApi();
  sheet: PaySheet | undefined;
  private running: Running | undefined;

  open(launch: Launch): void {
    this.close();
    const launchId = crypto.randomUUID();
    const frame = frameOf(launch, launchId);
    const running: Running = {
      ...{ launch, launchId, frame, limit: new CallLimit(), listening: new AbortController() },
      ...{ port: undefined, paying: false },
    };
    window.addEventListener(
      'message',
      (event: MessageEvent<unknown>) => {
        // An opaque origin says "null", like any other: only the window itself tells who speaks.
        if (event.source === frame.contentWindow && isReady(event.data, launchId))
          this.handOver(running);
      },
      { signal: running.listening.signal },
    );
    this.running = running;
    this.replaceChildren(frame);
  }

  /** Ends the mini-program; a payment that it did not get to confirm is closed with it. */
  close(): void {
    const { running } = this;
    this.running = undefined;
    if (running === undefined) return;
    running.listening.abort();
    running.port?.close();
    running.frame.remove();
    if (running.paying) this.sheet?.dismiss();
  }

  disconnectedCallback(): void {
    this.close();
  }

  focusFrame(): void {
    this.running?.frame.focus();
  }

  /** Every reload of the frame says ready again and gets a new port; the old one and what it asked are dead. */
  private handOver(running: Running): void {
    if (!running.limit.allows(performance.now())) return;
    running.port?.close();
    if (running.paying) this.sheet?.dismiss();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (message: MessageEvent<unknown>) => {
      void this.serve(running, message.data, port1);
    };
    running.port = port1;
    const { launchId } = running;
    // The frame's origin is opaque, so there is none to name; the port goes to this window only.
    running.frame.contentWindow?.postMessage({ stuiver: 'port', launchId }, '*', [port2]);
  }

  private async serve(running: Running, data: unknown, port: MessagePort): Promise<void> {
    const allowed = running.limit.allows(performance.now());
    const call = readCall(data);
    if (call === undefined) {
      if (allowed) port.postMessage({ jsonrpc: '2.0', id: null, error: INVALID_REQUEST });
      return;
    }
    const answer = allowed ? await this.answer(running, call) : { error: TOO_MANY };
    port.postMessage({ jsonrpc: '2.0', id: call.id, ...answer });
  }

  private async answer(running: Running, call: RpcCall): Promise<Answer> {
    const { appid } = running.launch;
    switch (call.method) {
      case 'login':
        return resultOf(async () => ({ code: await this.api.login(appid) }));
      case 'checkSession':
        return resultOf(async () => {
          await this.api.checkSession();
          return {};
        });
      case 'requestPayment':
        return { result: await this.pay(running, call.params) };
      default:
        return { error: UNKNOWN_METHOD };
    }
  }

  private async pay(running: Running, params: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const { sheet } = this;
    const read = readPayment(params);
    if ('wrong' in read) return outcomeOf(`requestPayment:fail ${read.wrong}`);
    if (sheet === undefined || document.hidden) return PAYMENT.hidden;
    if (sheet.isOpen) return PAYMENT.anotherOpen;
    running.paying = true;
    const errMsg = await sheet.pay(() => this.api.openSheet(running.launch.appid, read.parameters));
    running.paying = false;
    if (this.running === running) this.focusFrame();
    if (errMsg === PAYMENT.ok.errMsg) this.dispatchEvent(new Event('stuiver-paid'));
    return outcomeOf(errMsg);
  }
}

/** What it is launched with stands in the frame's name: there before its first script, and sent to no server. */
function frameOf(launch: Launch, launchId: string): HTMLIFrameElement {
  const { path, query, scene } = launch;
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-forms');
  frame.setAttribute('allow', '');
  frame.name = JSON.stringify({ launchId, path, query, scene });
  frame.referrerPolicy = 'no-referrer';
  frame.title = launch.title;
  frame.src = launch.frameUrl;
  return frame;
}

function isReady(data: unknown, launchId: string): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { stuiver, launchId: said } = data as Readonly<Record<string, unknown>>;
  return stuiver === 'ready' && said === launchId;
}

async function resultOf(work: () => Promise<unknown>): Promise<Answer> {
  try {
    return { result: await work() };
  } catch (error) {
    const message = error instanceof CheckoutProblem ? error.message : 'network error';
    return { error: { code: REFUSED, message: withoutCancel(message) } };
  }
}
