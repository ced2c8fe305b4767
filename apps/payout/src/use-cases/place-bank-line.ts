import { Refusal } from '@stuiver/errors';
import type { Clock, CrashPoints } from '@stuiver/ports';
import { matchByHand } from '../domain/matching-rules.js';
import { intentsOf, suspenseOf } from './intents.js';
import type { LineStore } from './recon-ports.js';

/** A person says what a line is that no rule placed. Sign, amount and state must fit all the same. */
export class PlaceBankLine {
  constructor(
    private readonly lines: LineStore,
    private readonly tools: { clock: Clock; crash: CrashPoints; wake: () => void },
  ) {}

  /**
   * @param request.note  why, in the person's words; kept with the match.
   * @throws Refusal NOT_FOUND; PARAM_ERROR naming what does not fit; STATE_CONFLICT when the line is placed already.
   */
  async run(request: {
    lineId: string;
    payoutId?: string;
    pspPayoutId?: string;
    person: string;
    note: string;
  }): Promise<void> {
    const { lineId, person, note } = request;
    const line = await this.lines.find(lineId);
    if (line === undefined) throw new Refusal('NOT_FOUND', { line: lineId });
    if (line.isMatched) throw placedAlready();
    const match = matchByHand(line, await this.lines.named(request), { note });
    if ('problem' in match) {
      const field = request.payoutId === undefined ? 'pspPayoutId' : 'payoutId';
      throw new Refusal('PARAM_ERROR', { field, rule: match.problem, why: match.code });
    }
    const payoutIds = request.payoutId === undefined ? [] : [request.payoutId];
    const isSaved = await this.lines.saveMatch({
      ...{ lineId, match, person, at: this.tools.clock.now() },
      intents: intentsOf(line, match.placement, await this.lines.moneyOf(payoutIds)),
      placed: suspenseOf(line, 'bank-line-placed'),
    });
    if (!isSaved) throw placedAlready();
    this.tools.crash.pass('payout.line-placed');
    this.tools.wake();
  }
}

function placedAlready(): Refusal {
  return new Refusal('STATE_CONFLICT', {
    rule: 'the line is placed already',
    why: 'line-placed-already',
  });
}
