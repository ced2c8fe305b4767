import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SystemRandom } from './random.js';
import { childOf, currentTrace, newTraceparent, traceIdOf, withTrace } from './trace.js';

const random = new SystemRandom();
const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('a trace', () => {
  it('is seen by everything that its work starts, and by nothing else', async () => {
    const trace = { traceparent: GIVEN, requestId: 'one' };
    const later = withTrace(trace, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return currentTrace();
    });
    expect(currentTrace()).toBeUndefined();
    expect(await later).toEqual(trace);
  });

  it('goes on with the same trace id and flags, and a span of its own', () => {
    const child = childOf(GIVEN, random);
    expect(traceIdOf(child)).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(child).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(child).not.toBe(GIVEN);
  });

  it('of a later version is continued; one that is not well-formed is not', () => {
    const traceId = traceIdOf(GIVEN);
    expect(traceIdOf(childOf(`cc${GIVEN.slice(2)}-what-comes`, random))).toBe(traceId);
    for (const odd of [
      '',
      GIVEN.toUpperCase(),
      `${GIVEN}-more`,
      `ff${GIVEN.slice(2)}`,
      `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
      `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
      `${GIVEN}\n`,
    ]) {
      expect(traceIdOf(odd)).toBeNull();
      expect(traceIdOf(childOf(odd, random))).not.toBe(traceId);
    }
  });

  it('is always well-formed, whatever the generator gives and whatever came in', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(fc.string(), bytes, (text, given) => {
        const from = { bytes: (count: number) => given.slice(0, count) };
        expect(traceIdOf(newTraceparent(from))).not.toBeNull();
        expect(traceIdOf(childOf(text, from))).not.toBeNull();
      }),
    );
    expect(traceIdOf(newTraceparent({ bytes: (count) => new Uint8Array(count) }))).not.toBeNull();
  });
});
