import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  CountBreaker,
  handleAll,
} from 'cockatiel';
import { RateLimiterMemory, RateLimiterQueue } from 'rate-limiter-flexible';
import Stripe from 'stripe';

export interface StripeGateOptions {
  /** Calls a second; Stripe allows an account 25 in test mode and 100 live, and answers 429 beyond. */
  readonly callsPerSecond: number;
  /** After so long without asking, one call tries again. */
  readonly probeMs?: number;
}

type Request = Parameters<Stripe.HttpClient['makeRequest']>;
type Response = Awaited<ReturnType<Stripe.HttpClient['makeRequest']>>;

/** Of the last twenty calls, half without an answer; five are enough to say so. */
const LOOKED_AT = { size: 20, threshold: 0.5, minimumNumberOfCalls: 5 } as const;
const PROBE_MS = 5_000;
/** Who waits longer than some seconds for his turn is told so instead. */
const WAITING_MAX = 200;

/** Stripe was not asked. Nothing has happened there. */
class NotAsked extends Error {
  override readonly name = 'NotAsked';
}

/**
 * Stands before every call to one Stripe account: no more a second than the account may, and none at all while Stripe
 * gives no answers. Then one call tries every few seconds, and with its answer everybody may ask again.
 */
export class StripeGate {
  private readonly breaker;
  private readonly bucket: RateLimiterQueue;
  private probe: (() => Promise<unknown>) | undefined;

  constructor({ callsPerSecond, probeMs = PROBE_MS }: StripeGateOptions) {
    this.breaker = circuitBreaker(handleAll, {
      halfOpenAfter: probeMs,
      breaker: new CountBreaker(LOOKED_AT),
    });
    const limiter = new RateLimiterMemory({ points: callsPerSecond, duration: 1 });
    this.bucket = new RateLimiterQueue(limiter, { maxQueueSize: WAITING_MAX });
    this.breaker.onBreak(() => {
      // Half-open begins when the pause is over, and not a moment before.
      setTimeout(() => void this.probe?.().catch(() => undefined), probeMs + 1).unref();
    });
  }

  /** False while Stripe is not asked. */
  get isOpen(): boolean {
    return this.breaker.state === CircuitState.Closed;
  }

  /** What is asked to find out whether Stripe is back: a read that changes nothing. */
  probeWith(probe: () => Promise<unknown>): void {
    this.probe ??= probe;
  }

  /** Stripe's own transport, behind this gate. */
  transport(): Stripe.HttpClient {
    const inner = Stripe.createNodeHttpClient();
    return {
      getClientName: () => inner.getClientName(),
      makeRequest: (...request: Request) => this.pass(() => inner.makeRequest(...request)),
    };
  }

  private async pass(call: () => Promise<Response>): Promise<Response> {
    await this.bucket.removeTokens(1);
    let answered: Response | undefined;
    try {
      return await this.breaker.execute(async () => {
        answered = await call();
        if (answered.getStatusCode() >= 500) throw new NotAnswered();
        return answered;
      });
    } catch (error) {
      if (error instanceof NotAnswered && answered !== undefined) return answered;
      if (error instanceof BrokenCircuitError) {
        throw new NotAsked('the PSP is not asked: it gave no answers', { cause: error });
      }
      throw error;
    }
  }
}

/** It answered that it could not: as good as silence to the breaker; the caller reads the answer itself. */
class NotAnswered extends Error {
  override readonly name = 'NotAnswered';
}
