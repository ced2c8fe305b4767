import type { Wake } from '../../use-cases/ports.js';

/** Rung by use cases, heard by the loops that are there. */
export class Bell implements Wake {
  private readonly hearers = new Map<keyof Wake, (() => void)[]>();

  connect(name: keyof Wake, hear: () => void): void {
    this.hearers.set(name, [...(this.hearers.get(name) ?? []), hear]);
  }

  outbox(): void {
    this.ring('outbox');
  }

  refunds(): void {
    this.ring('refunds');
  }

  pspInbox(): void {
    this.ring('pspInbox');
  }

  private ring(name: keyof Wake): void {
    for (const hear of this.hearers.get(name) ?? []) hear();
  }
}
