import { Controller, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import type { Page, WriteOff } from '@stuiver/console-api';
import { WRITE_OFF_REASONS, type WriteOffReason } from '@stuiver/contracts';
import { ValidBody, ValidQuery } from '@stuiver/http';
import { Needs, SignedIn, type StaffClaims, StaffGuard } from '@stuiver/staff';
import { isSamePerson } from '../../domain/person.js';
import { AskWriteOff } from '../../use-cases/ask-write-off.js';
import { DecideWriteOff } from '../../use-cases/decide-write-off.js';
import type { Person } from '../../use-cases/ports.js';
import { PostgresWriteOffs, type ShownWriteOff } from '../postgres/write-offs.js';
import { found, IsIdOf, ITEMS_PER_PAGE, needId, Optional, pageOf } from './console-rules.js';

class ListQuery {
  @Optional() @IsIdOf('WriteOff') readonly before?: string;
}

class AskBody {
  @IsIn(WRITE_OFF_REASONS) readonly reason!: WriteOffReason;
  @IsString()
  @Length(1, 500)
  @Matches(/\S/, { message: '$property must say why' })
  readonly note!: string;
}

class ApproveBody {
  @IsString()
  @Matches(/^[0-9a-f]{64}$/, { message: '$property must be 64 lower-case hex digits' })
  readonly detailsSha256!: string;
}

/** What lines of the bank cost or brought us, and are nobody's: asked by one person, agreed to by another. */
@Controller('console/finance')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsoleWriteOffsController {
  constructor(
    @Inject(PostgresWriteOffs) private readonly writeOffs: PostgresWriteOffs,
    @Inject(AskWriteOff) private readonly askWriteOff: AskWriteOff,
    @Inject(DecideWriteOff) private readonly decide: DecideWriteOff,
  ) {}

  @Get('write-offs')
  async list(
    @SignedIn() who: StaffClaims,
    @ValidQuery(ListQuery) query: ListQuery,
  ): Promise<Page<WriteOff>> {
    const page = { before: query.before ?? null, limit: ITEMS_PER_PAGE };
    const waiting = await this.writeOffs.waiting(page);
    return pageOf(
      waiting.map((each) => present(each, who)),
      ({ writeOffId }) => writeOffId,
    );
  }

  @Get('bank-lines/:id/write-offs')
  async ofLine(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
  ): Promise<{ writeOffs: readonly WriteOff[] }> {
    const writeOffs = await this.writeOffs.ofLine(needId('BankLine', id));
    return { writeOffs: writeOffs.map((each) => present(each, who)) };
  }

  @Post('bank-lines/:id/write-off')
  @HttpCode(200)
  @Needs('finance')
  async ask(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(AskBody) { reason, note }: AskBody,
  ): Promise<WriteOff> {
    const asked = { lineId: needId('BankLine', id), reason, note, by: personOf(who) };
    return this.shown(await this.askWriteOff.run(asked), who);
  }

  @Post('write-offs/:id/approve')
  @HttpCode(200)
  @Needs('finance')
  async approve(
    @SignedIn() who: StaffClaims,
    @Param('id') id: string,
    @ValidBody(ApproveBody) { detailsSha256 }: ApproveBody,
  ): Promise<WriteOff> {
    await this.decide.approve({ id: needId('WriteOff', id), by: personOf(who), detailsSha256 });
    return this.shown(id, who);
  }

  @Post('write-offs/:id/refuse')
  @HttpCode(200)
  @Needs('finance')
  async refuse(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<WriteOff> {
    await this.decide.refuse(needId('WriteOff', id), personOf(who));
    return this.shown(id, who);
  }

  @Post('write-offs/:id/withdraw')
  @HttpCode(200)
  @Needs('finance')
  async withdraw(@SignedIn() who: StaffClaims, @Param('id') id: string): Promise<WriteOff> {
    await this.decide.withdraw(needId('WriteOff', id), personOf(who));
    return this.shown(id, who);
  }

  private async shown(id: string, who: StaffClaims): Promise<WriteOff> {
    return present(found(await this.writeOffs.find(id)), who);
  }
}

function present(writeOff: ShownWriteOff, who: StaffClaims): WriteOff {
  const { state, askedBy, approvedBy, endedBy, decidedAt, reason, note } = writeOff;
  const decider = approvedBy ?? endedBy;
  const isOthers = !isSamePerson(askedBy.id, who.id);
  return {
    ...{ writeOffId: writeOff.id, bankLineId: writeOff.lineId, state, reason, note },
    amountMinor: String(writeOff.amount.minor),
    detailsSha256: writeOff.detailsSha256,
    askedBy: nameOf(askedBy),
    askedAt: writeOff.askedAt.toISOString(),
    decidedBy: decider === null ? null : nameOf(decider),
    decidedAt: decidedAt?.toISOString() ?? null,
    mayApprove: state === 'asked' && isOthers && who.roles.includes('finance'),
  };
}

function personOf({ id, name }: StaffClaims): Person {
  return { id, name };
}

function nameOf({ id, name }: Person): string {
  return name ?? id;
}
