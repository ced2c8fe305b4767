import { Agent } from 'undici';
import { z } from 'zod';
import {
  AccountViewSchema,
  type AccountView,
  type Booking,
  BookingSchema,
  type BookingsPage,
  type BooksAt,
  BooksAtSchema,
  type BooksSpan,
  BooksSpanSchema,
  BookingsPageSchema,
  type JournalPage,
  JournalPageSchema,
  type LedgerBookings,
  type LedgerBooks,
  type LedgerCommandKind,
  type BulkAnswer,
  BulkAnswerSchema,
  type LedgerCommand,
  type LedgerPort,
  type LedgerReceipts,
  type LedgerResult,
  LedgerResultSchema,
  LedgerUnavailable,
  type ReceiptFor,
  ReceiptSchema,
  type StatementLine,
  StatementLineSchema,
  type TrialBalance,
  TrialBalanceSchema,
} from '@stuiver/contracts';
import { ERROR_CATALOGUE, Refusal, type RefusalCode } from '@stuiver/errors';
import { currentTrace, type Log } from '@stuiver/ports';
import type { Receipt } from '@stuiver/proof';

export interface HttpLedgerOptions {
  /** Origins of the ledger's replicas. One that does not answer is passed over for the next. */
  readonly urls: readonly string[];
  /** `order:<secret>` or `payout:<secret>`: who calls. */
  readonly credential: string;
  readonly log: Log;
  /** For one try. */
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number;
  readonly body: unknown;
}

interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** A payer waits for this: longer than any batch takes, shorter than patience. */
const TRY_MS_MAX = 3_000;
const TRIES_MAX = 4;
const PAUSE_MS = 50;
const PAUSE_MS_MAX = 1_000;
const CONNECTIONS_MAX = 64;

const Problem = z.object({ code: z.string(), message: z.string().optional() });
const Bookings = z.strictObject({ bookings: z.array(BookingSchema) });
const Account = z.strictObject({ view: AccountViewSchema.nullable() });
const Answers = z.strictObject({ answers: z.array(BulkAnswerSchema) });
const Lines = z.strictObject({ lines: z.array(StatementLineSchema) });

const UNANSWERED: BulkAnswer = {
  outcome: 'error',
  code: 'SERVICE_UNAVAILABLE',
  facts: { rule: 'the ledger gave no answer' },
};

/**
 * The ledger in another process. Every call may be repeated: a command carries its id, so a try whose answer was lost
 * is followed by the same one, at the next replica. After the last try the outcome is unknown, and said to be.
 */
export class HttpLedger implements LedgerPort, LedgerBookings, LedgerBooks, LedgerReceipts {
  private readonly agent = new Agent({ connections: CONNECTIONS_MAX, pipelining: 1 });
  private preferred = 0;

  constructor(private readonly options: HttpLedgerOptions) {}

  async submit(command: LedgerCommand): Promise<LedgerResult> {
    const body = JSON.stringify(command);
    return LedgerResultSchema.parse(
      await this.call({ method: 'POST', path: '/internal/ledger/commands', body }),
    );
  }

  /** Never throws LedgerUnavailable: a command without an answer has `SERVICE_UNAVAILABLE` at its place. */
  async submitAll(commands: readonly LedgerCommand[]): Promise<readonly BulkAnswer[]> {
    const answers = commands.map(() => UNANSWERED);
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const open = commands.map((_, place) => place).filter((place) => isOpen(answers[place]));
      if (open.length === 0) break;
      if (tries > 0) await pause(PAUSE_MS * 2 ** tries);
      const again = await this.submitOnce(open.map((place) => commands[place]));
      if (again === undefined) break;
      for (const [index, place] of open.entries()) answers[place] = again[index] ?? UNANSWERED;
    }
    return answers;
  }

  async void(commandId: string): Promise<LedgerResult> {
    const path = `/internal/ledger/commands/${encodeURIComponent(commandId)}/void`;
    return LedgerResultSchema.parse(await this.call({ method: 'POST', path }));
  }

  async account(account: string): Promise<AccountView | null> {
    const path = `/internal/ledger/accounts/${encodeURIComponent(account)}`;
    return Account.parse(await this.call({ method: 'GET', path })).view;
  }

  async statement(
    account: string,
    page: { afterVersion: string; limit: number },
  ): Promise<readonly StatementLine[]> {
    const query = new URLSearchParams({ after: page.afterVersion, limit: String(page.limit) });
    const path = `/internal/ledger/accounts/${encodeURIComponent(account)}/statement?${query.toString()}`;
    return Lines.parse(await this.call({ method: 'GET', path })).lines;
  }

  async trialBalance(): Promise<TrialBalance> {
    return TrialBalanceSchema.parse(
      await this.call({ method: 'GET', path: '/internal/ledger/trial-balance' }),
    );
  }

  async bookings(commandIds: readonly string[]): Promise<readonly Booking[]> {
    const body = JSON.stringify({ ids: commandIds });
    const path = '/internal/ledger/bookings/find';
    return Bookings.parse(await this.call({ method: 'POST', path, body })).bookings;
  }

  async bookingsOf(kinds: readonly LedgerCommandKind[], after: string): Promise<BookingsPage> {
    const query = new URLSearchParams({ kinds: kinds.join(','), after });
    const path = `/internal/ledger/bookings?${query.toString()}`;
    return BookingsPageSchema.parse(await this.call({ method: 'GET', path }));
  }

  async receipt(commandId: string, { owner, purposes }: ReceiptFor): Promise<Receipt> {
    const query = new URLSearchParams({ owner, purposes: purposes.join(',') });
    const path = `/internal/ledger/receipts/${encodeURIComponent(commandId)}?${query.toString()}`;
    return ReceiptSchema.parse(await this.call({ method: 'GET', path }));
  }

  async booksAt(at: Date | null): Promise<BooksAt> {
    const query = at === null ? '' : `?${new URLSearchParams({ at: at.toISOString() }).toString()}`;
    const path = `/internal/ledger/books${query}`;
    return BooksAtSchema.parse(await this.call({ method: 'GET', path }));
  }

  async span(): Promise<BooksSpan> {
    const path = '/internal/ledger/books/span';
    return BooksSpanSchema.parse(await this.call({ method: 'GET', path }));
  }

  async journal(page: { after: string; from: string; to: string }): Promise<JournalPage> {
    const path = `/internal/ledger/books/journal?${new URLSearchParams(page).toString()}`;
    return JournalPageSchema.parse(await this.call({ method: 'GET', path }));
  }

  async closePeriod(month: string): Promise<LedgerResult> {
    const path = `/internal/ledger/books/periods/${encodeURIComponent(month)}/close`;
    return LedgerResultSchema.parse(await this.call({ method: 'POST', path }));
  }

  /** Ends the idle connections. */
  close(): void {
    void this.agent.destroy();
  }

  /** Undefined when, after all tries, no replica answered. */
  private async submitOnce(
    commands: readonly (LedgerCommand | undefined)[],
  ): Promise<readonly BulkAnswer[] | undefined> {
    const body = JSON.stringify({ commands });
    try {
      const path = '/internal/ledger/commands/bulk';
      return Answers.parse(await this.call({ method: 'POST', path, body })).answers;
    } catch (error) {
      if (error instanceof LedgerUnavailable) return undefined;
      throw error;
    }
  }

  private async call(ask: Ask): Promise<unknown> {
    let failure: unknown;
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const answer = await this.try(ask).catch((error: unknown) => {
        failure = error;
        return undefined;
      });
      if (answer !== undefined && answer.status < 500) return contentOf(answer);
      if (answer !== undefined) failure = new Error(`the ledger answered ${String(answer.status)}`);
      // Not this one: the others may be well.
      this.preferred += 1;
      const pauseMs = Math.max(answer?.retryAfterMs ?? 0, PAUSE_MS * 2 ** tries);
      if (tries + 1 < TRIES_MAX) await pause(Math.min(PAUSE_MS_MAX, pauseMs));
    }
    const { method } = ask;
    this.options.log.warn('ledger gave no answer', { method, reason: String(failure) });
    throw new LedgerUnavailable('the ledger gave no answer', { cause: failure });
  }

  private async try(ask: Ask): Promise<Answer> {
    const { urls, timeoutMs = TRY_MS_MAX } = this.options;
    const origin = urls[this.preferred % urls.length] ?? '';
    // The whole try, not the silence in between: a replica that stands still is passed over in time.
    const abort = new AbortController();
    const timer = setTimeout(() => {
      abort.abort(new Error(`no answer within ${String(timeoutMs)} ms`));
    }, timeoutMs);
    try {
      const { statusCode, headers, body } = await this.agent.request({
        ...{ origin, path: ask.path, method: ask.method, body: ask.body ?? null },
        ...{ headers: this.headersOf(ask), signal: abort.signal },
      });
      const retryAfterMs = Number(headers['retry-after'] ?? 0) * 1_000;
      return { status: statusCode, retryAfterMs, body: parseOr(await body.text()) };
    } finally {
      clearTimeout(timer);
    }
  }

  private headersOf({ body }: Ask): Record<string, string> {
    return {
      authorization: `Bearer ${this.options.credential}`,
      ...traceHeaders(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
  }
}

/** Its command may be booked or not. */
function isOpen(answer: BulkAnswer | undefined): boolean {
  return answer?.outcome === 'error' && answer.code === 'SERVICE_UNAVAILABLE';
}

/** @throws Refusal as the ledger refused. */
function contentOf({ status, body }: Answer): unknown {
  if (status >= 200 && status < 300) return body;
  const problem = Problem.safeParse(body).data;
  const code = problem?.code ?? '';
  const facts = { rule: problem?.message ?? `the ledger answered ${String(status)}` };
  throw new Refusal(isRefusalCode(code) ? code : 'SYSTEM_ERROR', facts);
}

function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(ERROR_CATALOGUE, text);
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** So that the ledger's log lines name the request that this call serves. */
function traceHeaders(): Record<string, string> {
  const trace = currentTrace();
  if (trace === undefined) return {};
  const { traceparent, requestId } = trace;
  return { traceparent, ...(requestId === null ? {} : { 'request-id': requestId }) };
}
