import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import type {
  MerchantPrices,
  PriceList,
  PriceLists,
  PriceVersion as VersionView,
} from '@stuiver/console-api';
import { ValidBody, validText } from '@stuiver/http';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { DecidePrices } from '../../../use-cases/prices/decide-prices.js';
import type { PriceVersion } from '../../../use-cases/prices/price-list-ports.js';
import { ProposePrices } from '../../../use-cases/prices/propose-prices.js';
import { TellPrices } from '../../../use-cases/prices/tell-prices.js';
import { PostgresPriceLists } from '../../postgres/price-lists.js';
import {
  LIST,
  LIST_SAYS,
  PricesBody,
  pricesOf,
  VERSION_ID,
  VERSION_ID_SAYS,
} from './price-body.js';
import { presentTerms, presentVersion } from './present-prices.js';

/** Price lists, for finance: what holds, what is proposed, and who agreed to it. */
@Controller('console/prices')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsolePricesController {
  constructor(
    @Inject(PostgresPriceLists) private readonly lists: PostgresPriceLists,
    @Inject(TellPrices) private readonly tell: TellPrices,
    @Inject(ProposePrices) private readonly propose: ProposePrices,
    @Inject(DecidePrices) private readonly decide: DecidePrices,
  ) {}

  @Get()
  async overview(@SignedIn() staff: StaffClaims): Promise<PriceLists> {
    const proposed = await this.lists.proposed();
    const merchants = await this.lists.merchants();
    return { merchants, proposed: await this.present(proposed, staff) };
  }

  @Get(':list')
  async list(@SignedIn() staff: StaffClaims, @Param('list') list: string): Promise<PriceList> {
    const { versions, inForce } = await this.tell.list(listOf(list));
    return { list, inForce, versions: await this.present(versions, staff) };
  }

  @Post(':list/versions')
  @HttpCode(200)
  async proposeVersion(
    @SignedIn() staff: StaffClaims,
    @Param('list') list: string,
    @ValidBody(PricesBody) body: PricesBody,
  ): Promise<VersionView> {
    const proposal = { ...pricesOf(body), list: listOf(list), maker: staff.id };
    return this.presentOne(await this.propose.run(proposal), staff);
  }

  @Post('versions/:id/approve')
  @HttpCode(200)
  @Needs('finance')
  async approve(@SignedIn() staff: StaffClaims, @Param('id') id: string): Promise<VersionView> {
    const decision = { versionId: versionOf(id), kind: 'approved', checker: staff.id } as const;
    return this.presentOne(await this.decide.run(decision), staff);
  }

  @Post('versions/:id/reject')
  @HttpCode(200)
  async reject(@SignedIn() staff: StaffClaims, @Param('id') id: string): Promise<VersionView> {
    const decision = { versionId: versionOf(id), kind: 'rejected', checker: staff.id } as const;
    return this.presentOne(await this.decide.run(decision), staff);
  }

  private async present(
    versions: readonly PriceVersion[],
    staff: StaffClaims,
  ): Promise<VersionView[]> {
    const names = await this.lists.namesIn(versions);
    return versions.map((version) => presentVersion(version, names, staff.id));
  }

  private async presentOne(version: PriceVersion, staff: StaffClaims): Promise<VersionView> {
    const names = await this.lists.namesIn([version]);
    return presentVersion(version, names, staff.id);
  }
}

/** A merchant's prices, for its own people and for ours. */
@Controller('console/merchants/:mchid/prices')
@UseGuards(StaffGuard)
export class MerchantPricesController {
  constructor(@Inject(TellPrices) private readonly tell: TellPrices) {}

  @Get()
  async prices(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
  ): Promise<MerchantPrices> {
    requireMerchant(staff, mchid);
    const { now, coming } = await this.tell.ofMerchant(mchid);
    return {
      now: { ...presentTerms(now), validFrom: now.validFrom?.toISOString() ?? null },
      coming: coming.map((version) => ({
        ...presentTerms(version),
        validFrom: version.validFrom.toISOString(),
      })),
    };
  }
}

function listOf(text: string): string {
  return validText(text, { field: 'list', pattern: LIST, says: LIST_SAYS, location: 'path' });
}

function versionOf(text: string): string {
  const rule = {
    field: 'id',
    pattern: VERSION_ID,
    says: VERSION_ID_SAYS,
    location: 'path',
  } as const;
  return validText(text, rule);
}
