import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import type { PriceList, PriceVersion as VersionView } from '@stuiver/console-api';
import { OperatorGuard, ValidBody, validText } from '@stuiver/http';
import { DecidePrices } from '../../../use-cases/prices/decide-prices.js';
import type { PriceDecision, PriceVersion } from '../../../use-cases/prices/price-list-ports.js';
import { ProposePrices } from '../../../use-cases/prices/propose-prices.js';
import { TellPrices } from '../../../use-cases/prices/tell-prices.js';
import { PostgresPriceLists } from '../../postgres/price-lists.js';
import {
  LIST,
  LIST_SAYS,
  Person,
  PricesBody,
  pricesOf,
  VERSION_ID,
  VERSION_ID_SAYS,
} from './price-body.js';
import { presentVersion } from './present-prices.js';

class ProposalBody extends PricesBody {
  @Person() readonly maker!: string;
}

class DecisionBody {
  @Person() readonly checker!: string;
}

/** Price lists, for whoever has the operator's token; people are the names they give. */
@Controller('operator/price-lists')
@UseGuards(OperatorGuard)
export class OperatorPricesController {
  constructor(
    @Inject(PostgresPriceLists) private readonly lists: PostgresPriceLists,
    @Inject(TellPrices) private readonly tell: TellPrices,
    @Inject(ProposePrices) private readonly propose: ProposePrices,
    @Inject(DecidePrices) private readonly decide: DecidePrices,
  ) {}

  @Get(':list')
  async list(@Param('list') list: string): Promise<PriceList> {
    const { versions, inForce } = await this.tell.list(listOf(list));
    const names = await this.lists.namesIn(versions);
    const shown = versions.map((version) => presentVersion(version, names, null));
    return { list, inForce, versions: shown };
  }

  @Post(':list/versions')
  @HttpCode(200)
  async proposeVersion(
    @Param('list') list: string,
    @ValidBody(ProposalBody) body: ProposalBody,
  ): Promise<VersionView> {
    const proposal = { ...pricesOf(body), list: listOf(list), maker: body.maker };
    return this.present(await this.propose.run(proposal));
  }

  @Post('versions/:id/approve')
  @HttpCode(200)
  approve(
    @Param('id') id: string,
    @ValidBody(DecisionBody) body: DecisionBody,
  ): Promise<VersionView> {
    return this.decided(id, 'approved', body);
  }

  @Post('versions/:id/reject')
  @HttpCode(200)
  reject(
    @Param('id') id: string,
    @ValidBody(DecisionBody) body: DecisionBody,
  ): Promise<VersionView> {
    return this.decided(id, 'rejected', body);
  }

  private async decided(
    id: string,
    kind: PriceDecision['kind'],
    { checker }: DecisionBody,
  ): Promise<VersionView> {
    const rule = {
      field: 'id',
      pattern: VERSION_ID,
      says: VERSION_ID_SAYS,
      location: 'path',
    } as const;
    const versionId = validText(id, rule);
    return this.present(await this.decide.run({ versionId, kind, checker }));
  }

  private async present(version: PriceVersion): Promise<VersionView> {
    return presentVersion(version, await this.lists.namesIn([version]), null);
  }
}

function listOf(text: string): string {
  return validText(text, { field: 'list', pattern: LIST, says: LIST_SAYS, location: 'path' });
}
