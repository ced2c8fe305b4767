import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsISO8601, IsString, Length, Matches, ValidateIf } from 'class-validator';
import type {
  ItemAge,
  ItemReason,
  OpenItem,
  OpenItemDetail,
  OpenItemKind,
  Page,
} from '@stuiver/console-api';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { ItemDesk } from '../postgres/item-desk.js';
import { PostgresOpenItems } from '../postgres/open-items.js';
import { CONSOLE_TOOLS, type ConsoleTools } from './console-batches.controller.js';
import { found, IsIdOf, ITEMS_PER_PAGE, needId, Optional, pageOf } from './console-rules.js';
import { ITEM_AGES, ITEM_REASONS, OPEN_ITEM_KINDS } from './present-item.js';

const PERSON = 'stf_[0-9a-z]{26}';

class ItemsQuery {
  @Optional() @IsIdOf('OpenItem') readonly before?: string;
  @Optional() @IsIn(OPEN_ITEM_KINDS) readonly kind?: OpenItemKind;
  @Optional()
  @Matches(new RegExp(`^(me|nobody|${PERSON})$`), {
    message: '$property must be me, nobody or an id such as stf_…',
  })
  readonly owner?: string;
  @Optional() @IsIn(ITEM_AGES) readonly age?: ItemAge;
  @Optional() @IsIn(ITEM_REASONS) readonly reason?: ItemReason;
}

class CloseBody {
  @IsString() @Length(1, 500) readonly note!: string;
}

/** Undefined leaves it as it was; an empty text takes it away. */
function Removable(): PropertyDecorator {
  return ValidateIf((_dto: object, value: unknown) => value !== undefined && value !== '');
}

class NoteBody {
  @Removable()
  @Matches(new RegExp(`^${PERSON}$`), { message: '$property must be an id such as stf_…' })
  readonly owner?: string;
  @Removable() @IsIn(ITEM_REASONS) readonly reason?: ItemReason | '';
  @Removable()
  @IsISO8601({ strict: true })
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: '$property must be a day such as 2026-11-24' })
  readonly deadline?: string;
  @Optional()
  @Matches(/\S/, { message: '$property must say something' })
  @Length(1, 500)
  readonly comment?: string;
}

/** The open items, and what people do about them. */
@Controller('console/finance/open-items')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsoleItemsController {
  constructor(
    @Inject(ItemDesk) private readonly desk: ItemDesk,
    @Inject(PostgresOpenItems) private readonly items: PostgresOpenItems,
    @Inject(CONSOLE_TOOLS) private readonly tools: ConsoleTools,
  ) {}

  @Get()
  async list(
    @SignedIn() who: StaffClaims,
    @ValidQuery(ItemsQuery) query: ItemsQuery,
  ): Promise<Page<OpenItem>> {
    const { before, kind, age, reason, owner } = query;
    const filter = { before, kind, age, reason, owner: owner === 'me' ? who.id : owner };
    const items = await this.desk.list(filter, ITEMS_PER_PAGE);
    return pageOf(items, ({ openItemId }) => openItemId);
  }

  @Get(':id')
  async show(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<OpenItemDetail> {
    return found(await this.desk.find(needId('OpenItem', id), who));
  }

  /** Whose it is, why it is there, until when; or a word about it. */
  @Post(':id/notes')
  @HttpCode(200)
  async note(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(NoteBody) body: NoteBody,
  ): Promise<OpenItemDetail> {
    await this.desk.note(needId('OpenItem', id), body, who);
    return found(await this.desk.find(id, who));
  }

  /** Only what follows from no record of ours is closed by a person; the rest closes when its cause is gone. */
  @Post(':id/close')
  @HttpCode(204)
  async close(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(CloseBody) body: CloseBody,
  ): Promise<void> {
    const at = this.tools.clock.now();
    await this.items.close(needId('OpenItem', id), { by: who.id, note: body.note, at });
  }
}
