import type { LedgerResult } from '@stuiver/contracts';
import { isSameCommand } from '../domain/decide.js';
import type { AcceptedCommand } from './accept-command.js';
import { type Answer, conflict } from './plan-batch.js';

/** Most commands that come twice come twice within seconds: once as a call, once as an event. About 5 MB. */
const ANSWERS_MAX = 4_096;

interface Recent {
  readonly kind: string;
  readonly content: string;
  readonly result: LedgerResult;
}

/** Answers of commands that are committed, which never change: who asks again needs no batch. */
export class RecentAnswers {
  /** Oldest first. */
  private readonly byId = new Map<string, Recent>();

  find({ id, command, content }: AcceptedCommand): Answer | undefined {
    const first = this.byId.get(id);
    if (first === undefined) return undefined;
    const same = isSameCommand(first, { kind: command.kind, content });
    return same ? { result: first.result } : { refusal: conflict(id) };
  }

  /** Only after the commit. */
  keep({ id, command: { kind }, content }: AcceptedCommand, result: LedgerResult): void {
    if (this.byId.has(id)) return;
    this.byId.set(id, { kind, content, result });
    for (const oldest of this.byId.keys()) {
      if (this.byId.size <= ANSWERS_MAX) return;
      this.byId.delete(oldest);
    }
  }

  drop(): void {
    this.byId.clear();
  }
}
