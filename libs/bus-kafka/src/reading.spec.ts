import { describe, expect, it } from '@jest/globals';
import type { Kafka } from 'kafkajs';
import { type DeadLetters, Delivery, type Subscriber } from '@stuiver/bus';
import { SilentLog } from '@stuiver/ports';
import { eventually } from '@stuiver/testing';
import { Reading } from './reading.js';

type Listener = (event: { payload: unknown }) => void;

/** A kafkajs consumer that does nothing until it is told to. */
class IdleConsumer {
  readonly events = {
    CRASH: 'crash',
    HEARTBEAT: 'heartbeat',
    GROUP_JOIN: 'join',
    REBALANCING: 'rebalancing',
  };
  readonly listeners = new Map<string, Listener>();
  disconnected = false;

  on(event: string, listener: Listener): void {
    this.listeners.set(event, listener);
  }
  connect(): Promise<void> {
    return Promise.resolve();
  }
  subscribe(): Promise<void> {
    return Promise.resolve();
  }
  run(): Promise<void> {
    return Promise.resolve();
  }
  disconnect(): Promise<void> {
    this.disconnected = true;
    return Promise.resolve();
  }
  tell(event: string, payload: unknown = {}): void {
    this.listeners.get(event)?.({ payload });
  }
}

describe('a consumer that kafkajs gives up', () => {
  const log = new SilentLog();
  const subscriber: Subscriber = {
    consumer: 'reader',
    topic: 'stuiver.order',
    types: ['order.closed.v1'],
    handle: () => Promise.resolve(),
  };
  const letters = { workDecided: () => Promise.resolve() } as unknown as DeadLetters;

  function read(silenceMsMax: number): { reading: Reading; consumers: IdleConsumer[] } {
    const consumers: IdleConsumer[] = [];
    const newKafka = (): Kafka => {
      const consumer = new IdleConsumer();
      consumers.push(consumer);
      return { consumer: () => consumer } as unknown as Kafka;
    };
    const delivery = new Delivery({ subscriber, letters, log });
    const prepare = (): Promise<void> => Promise.resolve();
    const reading = new Reading({ newKafka, subscriber, delivery, log, prepare, silenceMsMax });
    return { reading, consumers };
  }

  it('by a crash is replaced by a new one, also after an error that it calls final', async () => {
    const { reading, consumers } = read(60_000);
    await eventually('it runs', () => consumers[0]?.listeners.has('crash'));
    consumers[0]?.tell('crash', { error: new Error('Failed to find group coordinator') });
    await eventually('a second runs', () => consumers[1]?.listeners.has('crash'));
    expect(consumers[0]?.disconnected).toBe(true);
    await reading.stop();
    expect({ lives: consumers.length, left: consumers[1]?.disconnected }).toEqual({
      lives: 2,
      left: true,
    });
  });

  it('by silence is replaced by a new one; one that beats is left alone', async () => {
    const { reading, consumers } = read(200);
    const beat = setInterval(() => consumers[0]?.tell('heartbeat'), 20);
    const patience = performance.now() + 500;
    await eventually('more than the silence passes', () => performance.now() > patience);
    expect(consumers).toHaveLength(1);
    clearInterval(beat);
    await eventually('a second runs', () => consumers.length === 2);
    await reading.stop();
  });
});
