import { Refusal } from '@stuiver/errors';
import { newId, randomText } from '@stuiver/ids';
import type { AuditEntry, AuditFacts, Clock, Random } from '@stuiver/ports';
import type { CounterCode } from '../../domain/counter-code.js';
import type { CounterStore } from './counter-ports.js';

export type CounterCodeRequest = Pick<
  CounterCode,
  'mchid' | 'kind' | 'description' | 'price' | 'paymentsMax' | 'expiresAt' | 'createdBy'
> & {
  /** The page's own: the same twice is one code. */
  readonly requestId: string;
};

const CODE_CHARACTERS = 22;
const LINK_LIFE_MS_MAX = 366 * 86_400_000;

/** Makes a printed QR code or a payment link of a merchant. Safe to repeat. */
export class MakeCounterCode {
  constructor(
    private readonly counter: Pick<CounterStore, 'run'>,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @throws Refusal PARAM_ERROR; STATE_CONFLICT when the request id was used for another code */
  async run(asked: CounterCodeRequest): Promise<CounterCode> {
    const { clock, random } = this.tools;
    const now = clock.now();
    refuseBadEnd(asked, now);
    const { requestId, ...what } = asked;
    const fresh: CounterCode = {
      ...what,
      id: newId('CounterCode', now, random),
      code: randomText(CODE_CHARACTERS, random),
      createdAt: now,
      withdrawnAt: null,
    };
    const request = { mchid: asked.mchid, key: requestId };
    return this.counter.run(async (writes) => {
      await writes.lockRequest(request);
      const known = await writes.codeByRequest(request);
      if (known !== undefined) return sameAs(known, fresh);
      await writes.insertCode(fresh, requestId);
      await writes.audit({
        act: fresh.kind === 'link' ? 'payment-link-made' : 'counter-code-made',
        subject: subjectOf(fresh),
        after: factsOf(fresh),
      });
      return fresh;
    });
  }
}

export function subjectOf({ kind, id }: CounterCode): AuditEntry['subject'] {
  return { kind: kind === 'link' ? 'payment-link' : 'counter-code', id };
}

function refuseBadEnd({ expiresAt }: CounterCodeRequest, now: Date): void {
  if (expiresAt === null) return;
  const life = expiresAt.getTime() - now.getTime();
  if (life > 0 && life <= LINK_LIFE_MS_MAX) return;
  throw new Refusal('PARAM_ERROR', {
    field: 'expiresAt',
    rule: 'must be ahead, and within a year',
    value: expiresAt.toISOString(),
  });
}

/** Amounts and limits; the description may name a person. */
function factsOf({ mchid, price, paymentsMax, expiresAt }: CounterCode): AuditFacts {
  return {
    mchid,
    amountMinor: price.fixed?.minor.toString() ?? null,
    minMinor: price.min?.minor.toString() ?? null,
    maxMinor: price.max?.minor.toString() ?? null,
    paymentsMax,
    expiresAt: expiresAt?.toISOString() ?? null,
  };
}

function sameAs(known: CounterCode, wanted: CounterCode): CounterCode {
  const contentOf = (code: CounterCode): string =>
    JSON.stringify([code.kind, code.description, factsOf(code)]);
  if (contentOf(known) === contentOf(wanted)) return known;
  const rule = 'was used for another code';
  throw new Refusal('STATE_CONFLICT', { field: 'requestId', rule });
}
