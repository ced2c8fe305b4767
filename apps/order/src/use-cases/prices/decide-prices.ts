import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import { isSamePerson } from '../../domain/person.js';
import type { PriceDecision, PriceListStore, PriceVersion } from './price-list-ports.js';
import { factsOf, refuseIfTooSoon } from './version-facts.js';

/**
 * Approves a proposed version of a price list, or rejects it. Who made it may reject it and not approve it. The same
 * decision twice changes nothing.
 */
export class DecidePrices {
  constructor(
    private readonly store: PriceListStore,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws Refusal NOT_FOUND; SAME_PERSON; PARAM_ERROR when it would begin in the past; STATE_CONFLICT when it is decided
   *   otherwise, or another version begins at the same moment
   */
  async run(wanted: {
    versionId: string;
    kind: PriceDecision['kind'];
    checker: string;
  }): Promise<PriceVersion> {
    const { versionId, kind, checker } = wanted;
    const seen = await this.store.version(versionId);
    if (seen === undefined) throw new Refusal('NOT_FOUND', { version: versionId });
    return this.store.run(async (writes) => {
      await writes.lockList(seen.list);
      const versions = await writes.versionsOf(seen.list);
      const version = versions.find(({ id }) => id === versionId);
      if (version === undefined) throw new Refusal('NOT_FOUND', { version: versionId });
      if (version.decision?.kind === kind) return version;
      const decision = { kind, checker, at: this.clock.now() };
      needDecidable(version, decision, versions);
      await writes.saveDecision(version, decision);
      await writes.audit({
        act: kind === 'approved' ? 'prices-approved' : 'prices-rejected',
        subject: { kind: 'prices', id: versionId },
        after: factsOf(version),
      });
      return { ...version, decision };
    });
  }
}

function needDecidable(
  version: PriceVersion,
  { kind, checker, at }: PriceDecision,
  others: readonly PriceVersion[],
): void {
  if (version.decision !== null) {
    const rule = `is ${version.decision.kind} already`;
    throw new Refusal('STATE_CONFLICT', { rule, why: 'prices-are-decided' });
  }
  if (kind === 'rejected') return;
  if (isSamePerson(version.maker, checker)) {
    const rule = 'who proposed prices may not approve them';
    throw new Refusal('SAME_PERSON', { rule, why: 'maker-may-not-approve-prices' });
  }
  refuseIfTooSoon(version.validFrom, at, 'validFrom');
  const begun = others.find(
    ({ decision, validFrom }) =>
      decision?.kind === 'approved' && validFrom.getTime() === version.validFrom.getTime(),
  );
  if (begun === undefined) return;
  const rule = 'another version of the list begins at the same moment';
  throw new Refusal('STATE_CONFLICT', { rule, why: 'prices-begin-together' });
}
