export type Method = 'wallet' | 'ideal';

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

const LONG_POLL_MS = 8_000;

/** The order service's checkout, as the payer's page uses it: same origin, session cookie. */
export class CheckoutApi {
  constructor(private readonly base = '') {}

  async login(appid: string): Promise<string> {
    const { code } = (await this.post('/checkout/login', { appid })) as { code: string };
    return code;
  }

  openSheet(appid: string, parameters: PaymentParameters): Promise<Sheet> {
    return this.post('/checkout/attempts', { appid, ...parameters }) as Promise<Sheet>;
  }

  openByCode(code: string): Promise<Sheet> {
    return this.post('/checkout/attempts/by-code', { code }) as Promise<Sheet>;
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
    return this.call(`/checkout/attempts/${id}${query}`, {}) as Promise<ShownAttempt>;
  }

  /** Any of the server's own addresses. @throws CheckoutProblem; TypeError when the network failed. */
  post(path: string, body: unknown): Promise<unknown> {
    return this.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  get(path: string): Promise<unknown> {
    return this.call(path, {});
  }

  private async call(path: string, init: RequestInit): Promise<unknown> {
    const answer = await fetch(this.base + path, { ...init, credentials: 'same-origin' });
    const content: unknown = answer.status === 204 ? null : await answer.json();
    if (answer.ok) return content;
    const { code, message, facts } = content as Partial<CheckoutProblem>;
    throw new CheckoutProblem(code ?? 'UNKNOWN', message ?? '', facts ?? {});
  }
}
