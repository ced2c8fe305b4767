import type { RunningStuiver } from '@stuiver/testing';

interface Line {
  readonly purpose: string;
  readonly commandId: string;
  readonly commandKind: string;
  /** Minor units. */
  readonly amountMinor: string;
}

export interface OperatorClient {
  get(path: string): Promise<Record<string, unknown>>;
  post(path: string, body: object): Promise<Record<string, unknown>>;
  put(path: string, body: object): Promise<void>;
  /** Minor units on the account's normal side, as text. */
  balance(account: string): Promise<string>;
  /** Debits minus credits over all accounts: '0', or the books are broken. */
  trialDifference(): Promise<string>;
  /** The statement of an account, oldest first, to its end. */
  statement(account: string): Promise<readonly Line[]>;
}

const PAGE_LINES = 200;

/** Looks into the running Stuiver as its operator does. */
export function operatorClient(stuiver: RunningStuiver, token: string): OperatorClient {
  const call = async (path: string, init: RequestInit = {}): Promise<Record<string, unknown>> => {
    const answer = await fetch(new URL(path, stuiver.apiUrl), {
      ...init,
      headers: { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' },
    });
    if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
  };
  const account = (name: string): string => `/operator/ledger/accounts/${encodeURIComponent(name)}`;
  return {
    get: (path) => call(path),
    post: (path, body) => call(path, { method: 'POST', body: JSON.stringify(body) }),
    put: async (path, body) => {
      await call(path, { method: 'PUT', body: JSON.stringify(body) });
    },
    balance: async (name) => String((await call(account(name)))['balanceMinor']),
    trialDifference: async () =>
      String((await call('/operator/ledger/trial-balance'))['differenceMinor']),
    statement: async (name) => {
      const lines: (Line & { version: string })[] = [];
      for (;;) {
        const after = lines.at(-1)?.version ?? '0';
        const page = (await call(
          `${account(name)}/statement?after=${after}&limit=${String(PAGE_LINES)}`,
        )) as unknown as { lines: (Line & { version: string })[] };
        lines.push(...page.lines);
        if (page.lines.length < PAGE_LINES) return lines;
      }
    },
  };
}
