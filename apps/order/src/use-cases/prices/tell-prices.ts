import { Refusal } from '@stuiver/errors';
import type { Clock } from '@stuiver/ports';
import type { Prices, PricesInForce } from '../../domain/price-list.js';
import { type PriceListName, type PriceVersion, STANDARD_LIST } from './price-list-ports.js';

export interface PriceListReads {
  /** Newest first. */
  versionsOf(list: PriceListName): Promise<readonly PriceVersion[]>;
  inForce(mchid: string, at: Date): Promise<PricesInForce | undefined>;
  hasMerchant(mchid: string): Promise<boolean>;
}

/** What a list says, and what a merchant pays now and later. */
export class TellPrices {
  constructor(
    private readonly lists: PriceListReads,
    private readonly tools: { clock: Clock; configuredPrices: Prices },
  ) {}

  /** @throws Refusal NOT_FOUND for an unknown merchant */
  async list(
    list: PriceListName,
  ): Promise<{ versions: readonly PriceVersion[]; inForce: string | null }> {
    if (list !== STANDARD_LIST && !(await this.lists.hasMerchant(list))) {
      throw new Refusal('NOT_FOUND', { list });
    }
    const versions = await this.lists.versionsOf(list);
    const now = this.tools.clock.now();
    const begun = versions.find((version) => isAgreed(version) && version.validFrom <= now);
    return { versions, inForce: begun?.id ?? null };
  }

  /** `coming`: what will price the merchant's payments, the soonest first. */
  async ofMerchant(mchid: string): Promise<{
    now: Prices & { validFrom: Date | null };
    coming: readonly PriceVersion[];
  }> {
    const at = this.tools.clock.now();
    const own = await this.lists.versionsOf(mchid);
    const standard = await this.lists.versionsOf(STANDARD_LIST);
    const inForce = await this.lists.inForce(mchid, at);
    const known = [...own, ...standard].find(({ id }) => id === inForce?.versionId);
    return {
      now: known ?? { ...this.tools.configuredPrices, validFrom: null },
      coming: comingFor(own, standard, at),
    };
  }
}

/** Once the merchant's own list has begun, the standard one is no longer about it. */
function comingFor(
  own: readonly PriceVersion[],
  standard: readonly PriceVersion[],
  at: Date,
): readonly PriceVersion[] {
  const agreed = own.filter(isAgreed);
  const ownBegins = Math.min(...agreed.map(({ validFrom }) => validFrom.getTime()));
  return [
    ...agreed,
    ...standard.filter((version) => isAgreed(version) && version.validFrom.getTime() < ownBegins),
  ]
    .filter(({ validFrom }) => validFrom > at)
    .sort((one, other) => one.validFrom.getTime() - other.validFrom.getTime());
}

function isAgreed({ decision }: PriceVersion): boolean {
  return decision?.kind === 'approved';
}
