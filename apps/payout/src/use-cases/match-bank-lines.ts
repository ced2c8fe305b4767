import type { Clock, CrashPoints, Log } from '@stuiver/ports';
import type { NoMatch } from '../domain/matching-rules.js';
import { matchLine } from '../domain/matching-rules.js';
import { intentsOf, suspenseOf } from './intents.js';
import type { LineStore, LineToMatch } from './recon-ports.js';

const LINES_PER_PAGE = 200;
/** How a problem begins when a line names something of ours whose amount is another; the open item is of that kind. */
export const OTHER_AMOUNT = 'other amount: ';

/**
 * Says of each line of the bank what it is, by named rules, and writes down what the books must be told. What no rule
 * places is on the books as unplaced, and is looked at again when something new is known.
 */
export class MatchBankLines {
  constructor(
    private readonly lines: LineStore,
    private readonly tools: { clock: Clock; crash: CrashPoints; log: Log },
  ) {}

  /**
   * @param request.again  also those that no rule placed before.
   * @returns how many were placed.
   */
  async run(request: { again: boolean }): Promise<number> {
    let placed = 0;
    let after: string | null = null;
    for (;;) {
      const page = await this.lines.toMatch({ ...request, after, limit: LINES_PER_PAGE });
      for (const line of page) if (await this.match(line)) placed += 1;
      const last: LineToMatch | undefined = page.at(-1);
      if (last === undefined || page.length < LINES_PER_PAGE) return placed;
      after = last.id;
    }
  }

  private async match(line: LineToMatch): Promise<boolean> {
    const at = this.tools.clock.now();
    const match = matchLine(line, await this.lines.candidatesOf(line));
    if (match.rule === null) {
      if (line.isNew || line.problem !== problemOf(match)) {
        await this.lines.saveOpen(
          line.id,
          problemOf(match),
          suspenseOf(line, 'bank-line-unplaced'),
          at,
        );
        this.tools.crash.pass('payout.line-left-open');
      }
      return false;
    }
    const { placement } = match;
    const named =
      placement.kind === 'settle'
        ? placement.payoutIds
        : placement.kind === 'return'
          ? [placement.payoutId]
          : [];
    const isSaved = await this.lines.saveMatch({
      ...{ lineId: line.id, match, person: null, at },
      intents: intentsOf(line, placement, await this.lines.moneyOf(named)),
      placed: suspenseOf(line, 'bank-line-placed'),
    });
    this.tools.crash.pass('payout.line-matched');
    if (isSaved) this.tools.log.info('bank line matched', { line: line.id, rule: match.rule });
    return isSaved;
  }
}

function problemOf(match: NoMatch): string {
  return match.isOtherAmount ? OTHER_AMOUNT + match.problem : match.problem;
}
