import { HostLost, type LaunchOptions, NoHost } from './bridge.js';

/** What every callback gets: WeChat's `errMsg`, and a number where something went wrong. */
export interface Outcome {
  readonly errMsg: string;
  readonly errCode?: number;
}

interface Callbacks<Success extends Outcome> {
  success?: (outcome: Success) => void;
  fail?: (outcome: Outcome) => void;
  complete?: (outcome: Outcome) => void;
}

export interface LoginResult extends Outcome {
  readonly code: string;
}

export interface LoginOptions extends Callbacks<LoginResult> {
  /** Milliseconds to wait for the host. */
  timeout?: number;
}

export interface RequestPaymentOptions extends Callbacks<Outcome> {
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

export interface Wx {
  login(options?: LoginOptions | null): Promise<LoginResult> | undefined;
  checkSession(options?: Callbacks<Outcome> | null): Promise<Outcome> | undefined;
  requestPayment(options: RequestPaymentOptions): Promise<Outcome> | undefined;
  /** Products of WeChat's that are not here; they fail with "not supported". */
  requestVirtualPayment(options?: Callbacks<Outcome> | null): Promise<Outcome> | undefined;
  requestPluginPayment(options?: Callbacks<Outcome> | null): Promise<Outcome> | undefined;
  getLaunchOptionsSync(): LaunchOptions;
}

/** What `wx` needs from the bridge. */
export interface Caller {
  readonly launch: LaunchOptions;
  call(method: string, params: unknown, timeoutMs?: number): Promise<unknown>;
}

const PAYMENT_FIELDS = ['timeStamp', 'nonceStr', 'package', 'signType', 'paySign'] as const;
const PAYMENT_FAILED = 700_000;
const PENDING = 700_600;
const NETWORK_ERROR = 700_602;
const QUICK_MS_MAX = 10_000;
const NOT_HERE = (): Promise<never> => Promise.reject(new Error('not supported'));

/** `wx`: callbacks as in WeChat, or a Promise when none is given. Nothing throws; exactly one of success and fail comes. */
export function createWx(host: Caller): Wx {
  return {
    login: (options) =>
      settle(
        options,
        async () => {
          const result = await host.call('login', {}, options?.timeout ?? QUICK_MS_MAX);
          return { ...(result as { code: string }), errMsg: 'login:ok' };
        },
        'login',
      ),
    checkSession: (options) =>
      settle(
        options,
        async () => {
          await host.call('checkSession', {}, QUICK_MS_MAX);
          return { errMsg: 'checkSession:ok' };
        },
        'checkSession',
      ),
    requestPayment: (options) => settle(options, () => pay(host, options), 'requestPayment'),
    requestVirtualPayment: (options) => settle(options, NOT_HERE, 'requestVirtualPayment'),
    requestPluginPayment: (options) => settle(options, NOT_HERE, 'requestPluginPayment'),
    getLaunchOptionsSync: () => host.launch,
  };
}

/** A refusal that is already worded for the caller. */
class Refused extends Error {
  constructor(readonly outcome: Outcome) {
    super(outcome.errMsg);
  }
}

async function pay(host: Caller, options: RequestPaymentOptions): Promise<Outcome> {
  // Called from JavaScript: anything may come, and nothing may throw.
  const given = (options as unknown as Readonly<Record<string, unknown>> | undefined) ?? {};
  const wrong = PAYMENT_FIELDS.find(
    (field) => typeof given[field] !== 'string' || given[field] === '',
  );
  if (wrong !== undefined) {
    throw new Refused({
      errMsg: `requestPayment:fail parameter error: parameter.${wrong} should be a string`,
      errCode: PAYMENT_FAILED,
    });
  }
  const params = Object.fromEntries(PAYMENT_FIELDS.map((field) => [field, given[field]]));
  const outcome = (await host.call('requestPayment', params)) as Outcome;
  if (outcome.errMsg !== 'requestPayment:ok') throw new Refused(outcome);
  return outcome;
}

function settle<Success extends Outcome>(
  options: Callbacks<Success> | undefined | null,
  work: () => Promise<Success>,
  api: string,
): Promise<Success> | undefined {
  const { success, fail, complete } = options ?? {};
  const run = work().catch((error: unknown) => {
    // Promise users get the fail object itself, as WeChat rejects with it.
    // eslint-disable-next-line @typescript-eslint/only-throw-error
    throw failureOf(error, api);
  });
  if (success === undefined && fail === undefined && complete === undefined) return run;
  run.then(
    (outcome) => {
      inTurn(outcome, success, complete);
    },
    (outcome: unknown) => {
      inTurn(outcome as Outcome, fail, complete);
    },
  );
  return undefined;
}

function failureOf(error: unknown, api: string): Outcome {
  if (error instanceof Refused) return error.outcome;
  // A payment that the host was asked for may have been made: the shop is to ask its order.
  if (error instanceof HostLost && api === 'requestPayment')
    return { errMsg: `${api}:fail pending`, errCode: PENDING };
  if (error instanceof NoHost || error instanceof HostLost)
    return { errMsg: `${api}:fail network error`, errCode: NETWORK_ERROR };
  const words = error instanceof Error ? error.message : 'unknown error';
  // Shops look for that word, and it means one thing only.
  const reason = words.replaceAll(/cancell?(?:ed|ation|ing)?/gi, 'stopped');
  return { errMsg: `${api}:fail ${reason}`, errCode: PAYMENT_FAILED };
}

/** Both callbacks run, also when the first one throws; the page's own error handler hears of it. */
function inTurn<T extends Outcome>(
  outcome: T,
  ...callbacks: readonly (((outcome: T) => void) | undefined)[]
): void {
  for (const callback of callbacks) {
    try {
      callback?.(outcome);
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }
}
