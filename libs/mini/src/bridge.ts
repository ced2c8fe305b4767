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

interface Waiting {
  readonly resolve: (answer: RpcAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** A page that no host frames gets no port; callers hear of it after this. */
const HANDSHAKE_MS_MAX = 5_000;

/** There is no host: nothing was sent. */
export class NoHost extends Error {
  override readonly name = 'NoHost';
}

/** The host went away, or did not answer in time, after it was asked: nobody knows what became of the call. */
export class HostLost extends Error {
  override readonly name = 'HostLost';
}

/** JSON-RPC 2.0 over the MessagePort that the host hands over after our `ready`. */
export class Bridge {
  /** Known before the first line of the page runs: the host wrote it into our frame's name. */
  readonly launch: LaunchOptions;
  private readonly port: Promise<MessagePort>;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  constructor(page: Window) {
    const { launchId, launch } = readName(page.name);
    this.launch = launch;
    this.port = new Promise((resolve, reject) => {
      if (page.parent === page) {
        reject(new NoHost('not in a host'));
        return;
      }
      const late = setTimeout(() => {
        reject(new NoHost('no host'));
      }, HANDSHAKE_MS_MAX);
      page.addEventListener('message', (event: MessageEvent<unknown>) => {
        const [port] = event.ports;
        // Only our parent can be the host, and only the one that launched us knows the id.
        if (event.source !== page.parent || port === undefined) return;
        if (!isPortMessage(event.data, launchId)) return;
        clearTimeout(late);
        this.listen(port);
        resolve(port);
      });
    });
    // Nobody may be asking yet; whoever asks gets the rejection then.
    this.port.catch(() => undefined);
    // Our origin is opaque and the host's is not known: the message carries nothing secret.
    page.parent.postMessage({ stuiver: 'ready', launchId }, '*');
  }

  /**
   * @param timeoutMs  how long to wait for the host's answer; without it as long as it takes.
   * @throws NoHost; HostLost; Error with the host's words when it refused the call itself.
   */
  async call(method: string, params: unknown, timeoutMs?: number): Promise<unknown> {
    const port = await this.port;
    this.lastId += 1;
    const id = this.lastId;
    let late: ReturnType<typeof setTimeout> | undefined;
    const answer = await new Promise<RpcAnswer>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      if (timeoutMs !== undefined) {
        late = setTimeout(() => {
          this.lose(id);
        }, timeoutMs);
      }
      port.postMessage({ jsonrpc: '2.0', id, method, params });
    });
    clearTimeout(late);
    if (answer.error !== undefined) throw new Error(answer.error.message);
    return answer.result;
  }

  private listen(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<RpcAnswer>) => {
      const waiting = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      waiting?.resolve(data);
    };
    // Where the browser tells (it is young), nobody waits for a host that is gone.
    port.addEventListener('close', () => {
      for (const id of [...this.waiting.keys()]) this.lose(id);
    });
  }

  private lose(id: number): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.reject(new HostLost('the host is gone'));
  }
}

function isPortMessage(data: unknown, launchId: string): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const { stuiver, launchId: said } = data as Readonly<Record<string, unknown>>;
  return stuiver === 'port' && said === launchId;
}

/** The frame's name as our host writes it; anything else is a page that no host launched. */
export function readName(name: string): { launchId: string; launch: LaunchOptions } {
  try {
    const { launchId, path, query, scene } = JSON.parse(name) as LaunchOptions & {
      launchId: string;
    };
    return { launchId, launch: { path, query, scene } };
  } catch {
    return { launchId: '', launch: { path: '', query: {}, scene: '' } };
  }
}
