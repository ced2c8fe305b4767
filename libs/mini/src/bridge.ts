/** What the host page hands over: the only channel that is trusted afterwards. */
interface PortMessage {
  readonly stuiver: 'port';
  readonly launch: LaunchOptions;
}

export interface LaunchOptions {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly scene: string;
}

interface RpcAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A page that no host frames gets no port; callers hear of it after this. */
const HANDSHAKE_MS_MAX = 10_000;

/** The host did not answer: nothing was sent. */
export class NoHost extends Error {
  override readonly name = 'NoHost';
}

/** JSON-RPC 2.0 over the MessagePort that the host hands over after our `ready`. */
export class Bridge {
  launch: LaunchOptions = { path: '', query: {}, scene: '' };
  private readonly port: Promise<MessagePort>;
  private readonly waiting = new Map<number, (answer: RpcAnswer) => void>();
  private lastId = 0;

  constructor(page: Window) {
    this.port = new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        reject(new NoHost('no host'));
      }, HANDSHAKE_MS_MAX);
      page.addEventListener('message', (event: MessageEvent<unknown>) => {
        const [port] = event.ports;
        if (event.source !== page.parent || port === undefined || !isPortMessage(event.data))
          return;
        clearTimeout(late);
        this.launch = event.data.launch;
        port.onmessage = (message: MessageEvent<RpcAnswer>) => {
          this.receive(message.data);
        };
        resolve(port);
      });
    });
    // Nobody may be asking yet; whoever asks gets the rejection then.
    this.port.catch(() => undefined);
    // Our origin is opaque and the host's is not known: the message carries nothing.
    page.parent.postMessage({ stuiver: 'ready' }, '*');
  }

  /** @throws NoHost when there is no host; Error with the host's words when it refused the call itself. */
  async call(method: string, params: unknown): Promise<unknown> {
    const port = await this.port;
    this.lastId += 1;
    const id = this.lastId;
    const answer = await new Promise<RpcAnswer>((resolve) => {
      this.waiting.set(id, resolve);
      port.postMessage({ jsonrpc: '2.0', id, method, params });
    });
    if (answer.error !== undefined) throw new Error(answer.error.message);
    return answer.result;
  }

  private receive(answer: RpcAnswer): void {
    const resolve = this.waiting.get(answer.id);
    this.waiting.delete(answer.id);
    resolve?.(answer);
  }
}

function isPortMessage(data: unknown): data is PortMessage {
  return typeof data === 'object' && data !== null && 'stuiver' in data && data.stuiver === 'port';
}
