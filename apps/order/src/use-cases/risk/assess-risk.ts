import type { Clock } from '@stuiver/ports';
import { judge, RISK_WINDOW_MS, type RiskLimits, type RiskVerdict } from '../../domain/risk.js';
import type { Risk, RiskFactsReads, RiskQuestion } from './risk-ports.js';

/**
 * The built-in rules over what Order itself knows. Two payments begun in the same moment do not see each other: these
 * rules notice habits, and what may never be exceeded is a limit of the ledger.
 */
export class AssessRisk implements Risk {
  constructor(
    private readonly reads: RiskFactsReads,
    private readonly tools: { clock: Clock; limits: RiskLimits },
  ) {}

  async assess(question: RiskQuestion): Promise<RiskVerdict> {
    const since = new Date(this.tools.clock.now().getTime() - RISK_WINDOW_MS);
    const { limits } = this.tools;
    return judge(await this.reads.facts(question, { since, limits }), limits);
  }
}
