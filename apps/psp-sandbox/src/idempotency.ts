import { createHash } from 'node:crypto';
import type { Faults } from './faults.js';
import { type Answer, refused, StripeProblem } from './problem.js';
import type { Caller, Objects, Run } from './store.js';

export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
  readonly replayed: boolean;
}

/**
 * Stripe's rules for `Idempotency-Key`: the first status and body are kept in the transaction that did the work and
 * replayed byte for byte; another request under the key is refused; a request under a running key has to wait. What
 * fails its validation did not begin and is not kept.
 */
export class IdempotentCalls {
  private readonly running = new Set<string>();

  constructor(
    private readonly run: Run,
    private readonly faults: Faults,
  ) {}

  async call(
    request: { path: string; body: string; caller: Caller },
    work: (objects: Objects) => Promise<Answer>,
  ): Promise<StoredAnswer> {
    const { caller, path } = request;
    const key = caller.idempotencyKey;
    // A key is the account's own: another account's is another key.
    const scope = caller.account === null ? '' : `${caller.account}/`;
    const spoilable = async (objects: Objects): Promise<Answer> => {
      const answer = await work(objects);
      await this.faults.hold(path);
      const spoilt = this.faults.replacement(path);
      return spoilt === undefined ? answer : refused(spoilt);
    };
    if (key === null) return fresh(await this.run(spoilable, caller));
    if (key.length > KEY_CHARACTERS_MAX) {
      throw conflict('Idempotency-Key is longer than 255 characters');
    }
    if (this.running.has(scope + key)) throw inUse();
    this.running.add(scope + key);
    try {
      return await this.run(
        (objects) => once(objects, { ...request, key: scope + key }, spoilable),
        caller,
      );
    } finally {
      this.running.delete(scope + key);
    }
  }
}

const KEY_CHARACTERS_MAX = 255;

async function once(
  objects: Objects,
  request: { key: string; path: string; body: string },
  work: (objects: Objects) => Promise<Answer>,
): Promise<StoredAnswer> {
  const fingerprint = createHash('sha256').update(`${request.path}\n${request.body}`).digest('hex');
  const { rows } = await objects.client.query<{
    fingerprint: string;
    status: number;
    body: string;
  }>('select fingerprint, status, body from idempotency where key = $1', [request.key]);
  const [known] = rows;
  if (known !== undefined) {
    if (known.fingerprint !== fingerprint) {
      throw conflict(
        'Keys for idempotent requests can only be used with the same parameters they were first used ' +
          `with. Try using a key other than '${request.key}' if you meant to execute a different request.`,
      );
    }
    return { status: known.status, body: known.body, replayed: true };
  }
  const answer = fresh(await work(objects));
  await objects.client.query(
    'insert into idempotency (key, fingerprint, status, body) values ($1, $2, $3, $4)',
    [request.key, fingerprint, answer.status, answer.body],
  );
  return answer;
}

function fresh(answer: Answer): StoredAnswer {
  return { status: answer.status, body: JSON.stringify(answer.body), replayed: false };
}

function conflict(message: string): StripeProblem {
  return new StripeProblem(400, { type: 'idempotency_error', message });
}

function inUse(): StripeProblem {
  return new StripeProblem(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: 'There is currently another in-progress request using this Idempotency Key.',
  });
}
