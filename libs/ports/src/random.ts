import { randomBytes } from 'node:crypto';

/** Unpredictable bytes: the only source of ids, nonces and tokens. */
export interface Random {
  bytes(count: number): Uint8Array;
}

export class SystemRandom implements Random {
  bytes(count: number): Uint8Array {
    return randomBytes(count);
  }
}
