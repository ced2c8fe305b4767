import { describe, expect, it } from '@jest/globals';
import type { Delivered } from '@stuiver/bus';
import { SilentLog } from '@stuiver/ports';
import { eventually } from '@stuiver/testing';
import { PartitionWork, type PartitionWorkOptions } from './partition-work.js';

function messagesOf(...subjects: string[]): Delivered[] {
  return subjects.map((subject, index) => ({
    ...{ partition: 3, position: String(10 + index), subject, message: '{}', traceparent: null },
  }));
}

describe('the work on a partition', () => {
  const commits: bigint[] = [];
  const begin = (over: Partial<PartitionWorkOptions>): PartitionWork => {
    commits.length = 0;
    const messages = messagesOf('a', 'b', 'a', 'c');
    return new PartitionWork({
      ...{ partition: 3, messages, end: 15n, after: Promise.resolve(), log: new SilentLog() },
      waitingSubjects: () => Promise.resolve(new Set()),
      deliver: () => Promise.resolve(),
      gate: () => Promise.resolve(),
      commit: (offset) => {
        commits.push(offset);
        return Promise.resolve();
      },
      ...over,
    });
  };

  it('commits past what the broker keeps behind the last message', async () => {
    expect(await begin({}).settled).toBe(true);
    expect(commits).toEqual([15n]);
  });

  it('commits no further than the first that is not handled, and the rest when it is', async () => {
    const handled: string[] = [];
    let ready = false;
    const work = begin({
      deliver: ({ subject, position }) => {
        if (subject === 'b' && !ready) return Promise.reject(new Error('not yet'));
        handled.push(position);
        return Promise.resolve();
      },
    });
    await eventually('the others are done', () => handled.length === 3 && commits.length === 1);
    expect(commits).toEqual([11n]);
    ready = true;
    expect(await work.settled).toBe(true);
    expect(handled.at(-1)).toBe('11');
    expect(commits).toEqual([11n, 15n]);
  });

  it('finishes what is in hand when it is taken away, and begins nothing', async () => {
    const handled: string[] = [];
    let finish: () => void = () => undefined;
    const work = begin({
      messages: messagesOf('a', 'a', 'a'),
      deliver: async ({ position }) => {
        await new Promise<void>((resolve) => (finish = resolve));
        handled.push(position);
      },
    });
    await eventually('the first is in hand', () => finish.length === 0 && commits.length === 0);
    await new Promise(setImmediate);
    work.cancel();
    finish();
    expect(await work.settled).toBe(false);
    expect({ handled, commits }).toEqual({ handled: ['10'], commits: [11n] });
  });

  it('begins after earlier work on the partition, and while it is known whose it is', async () => {
    const order: string[] = [];
    const work = begin({
      after: new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
        order.push('earlier'),
      ),
      gate: () => {
        order.push('gate');
        return Promise.resolve();
      },
      messages: messagesOf('a'),
      deliver: () => {
        order.push('handled');
        return Promise.resolve();
      },
    });
    await work.settled;
    expect(order).toEqual(['earlier', 'gate', 'gate', 'handled']);
  });

  it('goes on when a commit fails: handling again is all that can come of it', async () => {
    const work = begin({ commit: () => Promise.reject(new Error('rebalancing')) });
    expect(await work.settled).toBe(true);
  });
});
