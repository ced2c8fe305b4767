import type { Pool, PoolClient } from 'pg';

/** A statement whose last message is about to leave. */
export interface Statement {
  /** Process id of the server's backend that will have it. */
  readonly backend: number;
  /** Gives the server what it needs to carry it out. Without it the server does nothing, or rolls back. */
  readonly send: () => void;
}

interface Wired {
  readonly processID: number;
  readonly connection: { sync(): void; query(text: string): void };
}

/** Calls `meet` in place of the last message of every statement on connections of the pool: it decides when that leaves. */
export function meetStatements(pool: Pool, meet: (statement: Statement) => void): void {
  const hooked = new WeakSet<object>();
  // TypeORM has connected already, so connections are met when they are used.
  pool.on('acquire', (client: PoolClient) => {
    if (hooked.has(client)) return;
    hooked.add(client);
    const wired = client as unknown as Wired;
    const { connection } = wired;
    for (const verb of ['sync', 'query'] as const) {
      const send: (text: string) => void = connection[verb].bind(connection);
      connection[verb] = (text?: string): void => {
        meet({
          backend: wired.processID,
          send: () => {
            send(text ?? '');
          },
        });
      };
    }
  });
}
