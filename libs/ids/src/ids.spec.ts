import { describe, expect, it } from '@jest/globals';
import { SystemRandom } from '@stuiver/ports';
import { AttemptIdText, commandIdOf, newId, newUuid, OrderIdText, randomDigits } from './index.js';

const random = new SystemRandom();

describe('ids', () => {
  it('carry their kind, so one in the wrong place is refused', () => {
    const id = newId('Order', new Date(0), random);
    expect(OrderIdText.safeParse(id).success).toBe(true);
    expect(AttemptIdText.safeParse(id).success).toBe(false);
  });

  it('sort by age', () => {
    const older = newId('Order', new Date('2026-01-01T00:00:00Z'), random);
    const newer = newId('Order', new Date('2026-01-01T00:00:00.001Z'), random);
    expect(older < newer).toBe(true);
  });

  it('lead from one cause to one command, and from two purposes to two', () => {
    expect(commandIdOf('payment', 'att_1')).toBe(commandIdOf('payment', 'att_1'));
    expect(commandIdOf('payment', 'att_1')).not.toBe(commandIdOf('late-payment', 'att_1'));
    expect(commandIdOf('payment', 'att_1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab]/);
  });

  it('follow RFC 9562: a random one says version 4', () => {
    expect(newUuid(random)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('made of digits keep their length and never start with a zero', () => {
    for (let i = 0; i < 200; i += 1) expect(randomDigits(28, random)).toMatch(/^[1-9]\d{27}$/);
  });
});
