export type Method = 'wallet' | 'ideal' | 'card';

/** What the server shows the payer: its own order, never what the page said. */
export interface Sheet {
  readonly attempt_id: string;
  readonly state: string;
  readonly payee: { readonly name: string };
  readonly amount: { readonly total_minor: string; readonly currency: string };
  readonly description: string;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly unit_price_minor: string;
  }[];
  readonly expires_at: string;
  readonly sources: readonly Source[];
  readonly preferred: Method;
}

/** A sheet and how long the order may still be paid, by the server's clock: the payer's may be wrong. */
export interface OpenedSheet extends Sheet {
  readonly expires_in_ms: number;
}

export interface Source {
  readonly method: Method;
  readonly available_minor?: string;
  readonly enough?: boolean;
  readonly needs_pin?: boolean;
}

export interface ShownAttempt {
  readonly attempt_id: string;
  readonly state: string;
  /** What `requestPayment` says; null while the payer may still act. */
  readonly err_msg: string | null;
  readonly redirect_url: string | null;
  /** While staff look at it, and nothing was taken: until when at the latest. */
  readonly held_until: string | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface PaymentParameters {
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
  readonly signType: string;
  readonly paySign: string;
}

/** The server understood and said no. */
export class CheckoutProblem extends Error {
  override readonly name = 'CheckoutProblem';

  constructor(
    readonly code: string,
    message: string,
    readonly facts: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

/** The server did not get to an answer: it may have done what was asked all the same. */
class CheckoutUnknown extends Error {
  override readonly name = 'CheckoutUnknown';
}

const LONG_POLL_MS = 8_000;
/** Longer than the server waits for its PSP; then only asking tells. */
const ANSWER_MS_MAX = 30_000;

/**
 * The order service's checkout, as the payer's page uses it: same origin, session cookie. Every call throws
 * CheckoutProblem for a no, and something else (CheckoutUnknown, TypeError, a timeout) when nobody knows.
 */
export class CheckoutApi {
  constructor(private readonly base = '') {}

  async login(appid: string): Promise<string> {
    const { code } = (await this.post('/checkout/login', { appid })) as { code: string };
    return code;
  }

  /** Resolves while the payer's session lives. */
  async checkSession(): Promise<void> {
    await this.get('/wallet/session');
  }

  /** `appid` is the one whose frame is running; nothing the frame says can name another. */
  openSheet(appid: string, parameters: PaymentParameters): Promise<OpenedSheet> {
    const { timeStamp, nonceStr, package: ticket, signType, paySign } = parameters;
    const call = { timeStamp, nonceStr, package: ticket, signType, paySign };
    return this.open('/checkout/attempts', { ...call, appid });
  }

  openByCode(code: string): Promise<OpenedSheet> {
    return this.open('/checkout/attempts/by-code', { code });
  }

  confirm(id: string, choice: { method: Method; pin?: string }): Promise<ShownAttempt> {
    return this.post(`/checkout/attempts/${id}/confirm`, choice) as Promise<ShownAttempt>;
  }

  /** The truth: `requestPayment:ok` when it was paid meanwhile. */
  cancel(id: string): Promise<ShownAttempt> {
    return this.post(`/checkout/attempts/${id}/cancel`, {}) as Promise<ShownAttempt>;
  }

  /** Answers when the state is no longer `seen`, or after some seconds. */
  look(id: string, seen?: string): Promise<ShownAttempt> {
    const query = seen === undefined ? '' : `?wait_ms=${LONG_POLL_MS}&seen=${seen}`;
    return this.get(`/checkout/attempts/${id}${query}`) as Promise<ShownAttempt>;
  }

  /** Any of the server's own addresses. */
  async post(path: string, body: unknown): Promise<unknown> {
    return contentOf(await this.send(path, posted(body)));
  }

  async get(path: string): Promise<unknown> {
    return contentOf(await this.send(path, {}));
  }

  async delete(path: string): Promise<void> {
    await contentOf(await this.send(path, { method: 'DELETE' }));
  }

  private async open(path: string, body: unknown): Promise<OpenedSheet> {
    const answer = await this.send(path, posted(body));
    const sheet = (await contentOf(answer)) as Sheet;
    const serverNow = Date.parse(answer.headers.get('date') ?? '');
    const now = Number.isNaN(serverNow) ? Date.now() : serverNow;
    return { ...sheet, expires_in_ms: Date.parse(sheet.expires_at) - now };
  }

  private send(path: string, init: RequestInit): Promise<Response> {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    return fetch(this.base + path, { ...init, credentials: 'same-origin', signal });
  }
}

function posted(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

async function contentOf(answer: Response): Promise<unknown> {
  if (answer.status >= 500) throw new CheckoutUnknown(`status ${answer.status}`);
  const content: unknown = answer.status === 204 ? null : await answer.json();
  if (answer.ok) return content;
  const { code, message, facts } = content as Partial<CheckoutProblem>;
  throw new CheckoutProblem(code ?? 'UNKNOWN', message ?? '', facts ?? {});
}
