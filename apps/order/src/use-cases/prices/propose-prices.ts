import { Refusal } from '@stuiver/errors';
import { newId } from '@stuiver/ids';
import type { Clock, Random } from '@stuiver/ports';
import { checkPrices, type Prices } from '../../domain/price-list.js';
import type { PriceListName, PriceListStore, PriceVersion } from './price-list-ports.js';
import { factsOf, refuseIfTooSoon } from './version-facts.js';

export interface PriceProposal extends Prices {
  readonly list: PriceListName;
  readonly validFrom: Date;
  readonly maker: string;
}

/**
 * Writes down a new version of a price list. It prices nothing until another person approves it. The same proposal twice
 * is one version.
 */
export class ProposePrices {
  constructor(
    private readonly store: PriceListStore,
    private readonly tools: { clock: Clock; random: Random },
  ) {}

  /** @throws Refusal NOT_FOUND for an unknown merchant; PARAM_ERROR with the field that contradicts another */
  async run(proposal: PriceProposal): Promise<PriceVersion> {
    const { lines, onRefund, list, validFrom, maker } = proposal;
    checkPrices(proposal);
    const madeAt = this.tools.clock.now();
    refuseIfTooSoon(validFrom, madeAt, 'validFrom');
    return this.store.run(async (writes) => {
      if (!(await writes.lockList(list))) throw new Refusal('NOT_FOUND', { list });
      const repeated = (await writes.versionsOf(list)).find((version) => isSame(version, proposal));
      if (repeated !== undefined) return repeated;
      const id = newId('PriceVersion', madeAt, this.tools.random);
      const version = { id, list, validFrom, onRefund, lines, maker, madeAt, decision: null };
      await writes.insert(version);
      await writes.audit({
        act: 'prices-proposed',
        subject: { kind: 'prices', id },
        after: factsOf(version),
      });
      return version;
    });
  }
}

function isSame(version: PriceVersion, proposal: PriceProposal): boolean {
  return version.decision === null && textOf(version) === textOf(proposal);
}

function textOf({ lines, onRefund, validFrom, maker }: Omit<PriceProposal, 'list'>): string {
  const told = lines.map(({ method, basisPoints, fixedMinor, minimumMinor, capMinor, vat }) => [
    ...[method, basisPoints, fixedMinor.toString(), minimumMinor.toString()],
    ...[capMinor?.toString() ?? null, vat.reason, vat.percent],
  ]);
  return JSON.stringify([told, onRefund, validFrom.toISOString(), maker]);
}
