import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { BlockShown, Page, ReviewShown, ReviewState } from '@stuiver/console-api';
import { invariant, Refusal } from '@stuiver/errors';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { BLOCK_KINDS, type BlockKind } from '../../../domain/risk.js';
import { DecideReview } from '../../../use-cases/risk/decide-review.js';
import { KeepBlocks } from '../../../use-cases/risk/keep-blocks.js';
import { PostgresReviews } from '../../postgres/reviews.js';
import { Optional } from '../rules.js';

const REVIEW_ID = /^rev_[0-9a-z]{26}$/;
/** Digits alone of this length may be a card's number, and none of those comes in here; ours are eight to ten. */
const BLOCKED_VALUE = /^(?![0-9]{12,19}$)[0-9A-Za-z_.-]{1,100}$/;
const BLOCKED_VALUE_SAYS =
  '$property must be an id or what the PSP calls a source of funds, never a card number';

class ReviewsQuery {
  @Optional()
  @Matches(REVIEW_ID, { message: '$property must be a review id' })
  readonly before?: string;
  @Optional()
  @IsIn(['waiting', 'approved', 'refused', 'lapsed', 'withdrawn'])
  readonly state?: ReviewState;
  @Optional() @IsString() @Length(1, 64) readonly q?: string;
}

class DecideBody {
  @IsString() @Length(3, 500) readonly note!: string;
}

class BlockBody {
  @IsIn(BLOCK_KINDS) readonly kind!: BlockKind;
  @IsString() @Matches(BLOCKED_VALUE, { message: BLOCKED_VALUE_SAYS }) readonly value!: string;
  @IsString() @Length(3, 500) readonly reason!: string;
}

/** What waits for somebody to look at it, and whom we do not serve. */
@Controller('console/risk')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class RiskController {
  constructor(
    @Inject(PostgresReviews) private readonly reviews: PostgresReviews,
    @Inject(DecideReview) private readonly decide: DecideReview,
    @Inject(KeepBlocks) private readonly keepBlocks: KeepBlocks,
  ) {}

  @Get('reviews')
  list(@ValidQuery(ReviewsQuery) { q, ...query }: ReviewsQuery): Promise<Page<ReviewShown>> {
    return this.reviews.page({ ...query, ...(q === undefined ? {} : { text: q }) });
  }

  @Post('reviews/:id/approve')
  @HttpCode(200)
  approve(
    @SignedIn() { id: staffId }: StaffClaims,
    @Param('id') reviewId: string,
    @ValidBody(DecideBody) { note }: DecideBody,
  ): Promise<ReviewShown> {
    return this.decided({ reviewId, kind: 'approved', staffId, note });
  }

  @Post('reviews/:id/refuse')
  @HttpCode(200)
  refuse(
    @SignedIn() { id: staffId }: StaffClaims,
    @Param('id') reviewId: string,
    @ValidBody(DecideBody) { note }: DecideBody,
  ): Promise<ReviewShown> {
    return this.decided({ reviewId, kind: 'refused', staffId, note });
  }

  @Get('blocks')
  async blocks(): Promise<{ items: readonly BlockShown[] }> {
    return { items: await this.reviews.blocks() };
  }

  @Post('blocks')
  @HttpCode(200)
  async block(
    @SignedIn() staff: StaffClaims,
    @ValidBody(BlockBody) body: BlockBody,
  ): Promise<{ items: readonly BlockShown[] }> {
    const { kind, value, reason } = body;
    await this.keepBlocks.block({ kind, value, reason, blockedBy: staff.id });
    return this.blocks();
  }

  @Post('blocks/lift')
  @HttpCode(200)
  async lift(@ValidBody(BlockBody) body: BlockBody): Promise<{ items: readonly BlockShown[] }> {
    const { kind, value, reason } = body;
    await this.keepBlocks.lift({ kind, value, reason });
    return this.blocks();
  }

  private async decided(wanted: Parameters<DecideReview['run']>[0]): Promise<ReviewShown> {
    if (!REVIEW_ID.test(wanted.reviewId)) throw new Refusal('NOT_FOUND');
    const { id } = await this.decide.run(wanted);
    const [shown] = (await this.reviews.page({ id })).items;
    invariant(shown !== undefined, 'what was decided is there');
    return shown;
  }
}
