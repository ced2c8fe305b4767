import type { OpenedSheet, ShownAttempt } from '../checkout-api.js';
import type { FlowApi, FlowView } from '../flow-ports.js';
import { PaymentFlow } from '../payment-flow.js';

export const SHEET: OpenedSheet = {
  attempt_id: 'att_1',
  state: 'created',
  payee: { name: 'Café' },
  amount: { total_minor: '325', currency: 'EUR' },
  description: 'Koffie',
  lines: [],
  expires_at: '2026-11-23T12:00:00Z',
  expires_in_ms: 60_000,
  sources: [{ method: 'ideal' }],
  preferred: 'ideal',
};
export const BANK = 'https://bank.test/1';
type Answer = Partial<ShownAttempt> | Error | Promise<Partial<ShownAttempt>>;

export const OPEN = { state: 'redirected', redirect_url: BANK };
export const PAID = { state: 'succeeded', err_msg: 'requestPayment:ok' };
export const REFUSED = {
  state: 'failed',
  err_msg: 'requestPayment:fail the bank refused the payment',
  failure: { code: 'PSP_REFUSED', message: '' },
};
export const CANCELLED = { state: 'cancelled', err_msg: 'requestPayment:fail cancel' };
export const LOST = new TypeError('network');

function attemptOf(answer: Partial<ShownAttempt>): ShownAttempt {
  const blank = { attempt_id: 'att_1', state: 'created', err_msg: null };
  return { ...blank, redirect_url: null, held_until: null, failure: null, ...answer };
}

/** A server that answers as told, in turn; a call without an answer left waits for ever. */
export function bench(answers: { confirm?: Answer[]; cancel?: Answer[]; look?: Answer[] }) {
  const asked: string[] = [];
  const shown: string[] = [];
  const next = (call: 'confirm' | 'cancel' | 'look'): Promise<ShownAttempt> => {
    asked.push(call);
    const answer = answers[call]?.shift();
    if (answer === undefined) return new Promise(() => undefined);
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(answer).then(attemptOf);
  };
  const api: FlowApi = {
    confirm: () => next('confirm'),
    cancel: () => next('cancel'),
    look: () => next('look'),
  };
  const see = (word: string) => (): void => void shown.push(word);
  const view: FlowView = {
    ...{ loading: see('loading'), review: see('review'), confirming: see('confirming') },
    ...{ atBank: see('at bank'), ending: see('ending'), paid: see('paid'), gone: see('gone') },
    held: see('held'),
    problem: (what) => void shown.push(what),
    failed: ({ code, again }) => void shown.push(`failed ${code}${again ? ', again?' : ''}`),
    offline: (isOffline) => {
      if (isOffline) shown.push('offline');
    },
  };
  const bank: string[] = [];
  const flow = new PaymentFlow(() => api, view, {
    openBankWindow: () => ({
      go: (url) => void bank.push(url),
      close: () => void bank.push('closed'),
    }),
    pause: () => Promise.resolve(),
  });
  return { flow, asked, shown, bank };
}

export async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

export const IDEAL = { method: 'ideal', pin: '' } as const;
export const WALLET = { method: 'wallet', pin: '246810' } as const;
export const open = (over: Partial<OpenedSheet> = {}) => Promise.resolve({ ...SHEET, ...over });
