import { type Admin, Kafka, logLevel } from 'kafkajs';
import type { Log, LogFields } from '@stuiver/ports';

export interface ClientOptions {
  readonly brokers: readonly string[];
  /** Who we are, in the broker's log. */
  readonly clientId: string;
  readonly log: Log;
}

const CONNECT_MS_MAX = 3_000;
const REQUEST_MS_MAX = 10_000;

/**
 * A client that shares nothing: kafkajs keeps committed offsets per `Kafka` object and group, so two consumers on one
 * object read each other's. It tries a few times and then says so; starting again is our business.
 */
export function newKafka({ brokers, clientId, log }: ClientOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      passOn(log, entry.label, entry.log);
    },
  });
}

/** On a connection of its own: seldom, and then nothing old to stumble over. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    return await work(admin);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** @throws Error naming `what` when it takes longer; the work itself goes on and is not heard. */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`not within ${String(limitMs)} ms: ${what}`));
    }, limitMs);
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What kafkajs calls an error it tries again; what stays broken we say ourselves. */
function passOn(log: Log, label: string, entry: { message: string }): void {
  const fields: LogFields = { kind: label, reason: entry.message };
  if (label === 'ERROR') log.warn('kafkajs', fields);
  else log.info('kafkajs', fields);
}
