import { randomBytes } from 'node:crypto';

/** Unpredictable bytes: the only source of ids, nonces and tokens. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** Asking the system costs the same for 16 bytes as for thousands; ids ask often. */
const POOL_BYTES = 4_096;
const FROM_POOL_BYTES_MAX = 64;

export class SystemRandom implements Random {
  private pool = Buffer.alloc(0);

  bytes(count: number): Uint8Array {
    if (count > FROM_POOL_BYTES_MAX) return randomBytes(count);
    if (this.pool.length < count) this.pool = randomBytes(POOL_BYTES);
    const given = Uint8Array.prototype.slice.call(this.pool, 0, count);
    // Given once, and then nowhere in memory but with who asked.
    this.pool.fill(0, 0, count);
    this.pool = this.pool.subarray(count);
    return given;
  }
}
