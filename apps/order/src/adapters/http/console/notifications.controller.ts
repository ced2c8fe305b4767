import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, IsUUID, Length } from 'class-validator';
import type { NotificationState, NotificationView, Page } from '@stuiver/console-api';
import { Refusal } from '@stuiver/errors';
import { ValidQuery } from '@stuiver/http';
import { Needs, requireMerchant, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { ReplayNotification } from '../../../use-cases/replay-notification.js';
import { NotificationLogView } from '../../postgres/notification-view.js';
import { Optional } from '../rules.js';

const ROWS_PER_PAGE = 50;
const NOTIFICATION_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

class ListQuery {
  @Optional() @IsUUID() readonly before?: string;
  @Optional() @IsIn(['waiting', 'delivered', 'exhausted']) readonly state?: NotificationState;
  @Optional() @IsString() @Length(1, 64) readonly q?: string;
}

/** What a merchant's server was told, how that went, and the way to tell it again. */
@Controller('console/merchants/:mchid/notifications')
@UseGuards(StaffGuard)
export class ConsoleNotificationsController {
  constructor(
    @Inject(NotificationLogView) private readonly view: NotificationLogView,
    @Inject(ReplayNotification) private readonly replayNotification: ReplayNotification,
  ) {}

  @Get()
  async list(
    @SignedIn() staff: StaffClaims,
    @Param('mchid') mchid: string,
    @ValidQuery(ListQuery) query: ListQuery,
  ): Promise<Page<NotificationView>> {
    requireMerchant(staff, mchid);
    const { before = null, state = null, q: text = null } = query;
    const rows = await this.view.page({ mchid, before, state, text, limit: ROWS_PER_PAGE + 1 });
    const items = rows.slice(0, ROWS_PER_PAGE);
    const isMore = rows.length > ROWS_PER_PAGE;
    return { items, next: isMore ? (items.at(-1)?.notificationId ?? null) : null };
  }

  /** Now, whatever became of it; its ladder begins where it was. */
  @Post(':id/replay')
  @HttpCode(200)
  @Needs('merchant', 'operator')
  async replay(
    @SignedIn() staff: StaffClaims,
    @Param() { mchid, id }: { mchid: string; id: string },
  ): Promise<NotificationView> {
    requireMerchant(staff, mchid);
    await this.find(mchid, id);
    await this.replayNotification.run(id);
    return this.find(mchid, id);
  }

  /** @throws Refusal NOT_FOUND */
  private async find(mchid: string, id: string): Promise<NotificationView> {
    const found = NOTIFICATION_ID.test(id) ? await this.view.find(mchid, id) : undefined;
    if (found === undefined) throw new Refusal('NOT_FOUND', { notification_id: id.slice(0, 40) });
    return found;
  }
}
