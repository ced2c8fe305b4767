import { Controller, Get, HttpCode, Inject, Param, Post, Put, UseGuards } from '@nestjs/common';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsString,
  Length,
  Matches,
} from 'class-validator';
import { OperatorGuard, ValidBody, validText } from '@stuiver/http';
import { STAFF_ROLES, type Staff, type StaffRole } from '../../../domain/staff.js';
import { ChangeStaff } from '../../../use-cases/staff/change-staff.js';
import { InviteStaff } from '../../../use-cases/staff/invite-staff.js';
import { PostgresStaff } from '../../postgres/staff.js';
import { PAGE_OPTIONS, type PageOptions } from '../page-options.js';

const MCHID = /^[0-9]{8,32}$/;
const MERCHANTS_MAX = 100;

class StaffRightsBody {
  @IsArray()
  @ArrayMaxSize(STAFF_ROLES.length)
  @IsIn(STAFF_ROLES, { each: true })
  readonly roles!: StaffRole[];
  @IsArray()
  @ArrayMaxSize(MERCHANTS_MAX)
  @Matches(MCHID, { each: true, message: '$property must be merchant ids: 8 to 32 digits' })
  readonly merchants!: string[];
}

class InviteStaffBody extends StaffRightsBody {
  @IsString() @Length(3, 254) @IsEmail() readonly email!: string;
  @IsString() @Length(1, 70) readonly name!: string;
}

class ChangeStaffBody extends StaffRightsBody {
  @IsBoolean() readonly disabled!: boolean;
}

/** Who works here, and with which rights; behind the operator token. */
@Controller('operator/staff')
@UseGuards(OperatorGuard)
export class OperatorStaffController {
  constructor(
    @Inject(InviteStaff) private readonly inviteStaff: InviteStaff,
    @Inject(ChangeStaff) private readonly changeStaff: ChangeStaff,
    @Inject(PostgresStaff) private readonly staff: PostgresStaff,
    @Inject(PAGE_OPTIONS) private readonly options: PageOptions,
  ) {}

  /** The link itself is answered in sandbox only: elsewhere it is for the eyes of whoever reads that mailbox. */
  @Post()
  @HttpCode(200)
  async invite(@ValidBody(InviteStaffBody) body: InviteStaffBody): Promise<object> {
    const { staff, invitationUrl } = await this.inviteStaff.run(body);
    const link = this.options.sandbox ? { invitation_url: invitationUrl } : {};
    return { ...present(staff), ...link };
  }

  @Get()
  async list(): Promise<{ items: readonly object[] }> {
    return { items: (await this.staff.all()).map(present) };
  }

  @Put(':id')
  async change(
    @Param('id') id: string,
    @ValidBody(ChangeStaffBody) body: ChangeStaffBody,
  ): Promise<object> {
    const staffId = validText(id, {
      field: 'id',
      pattern: /^stf_[0-9a-z]{26}$/,
      says: 'must be a staff id',
      location: 'path',
    });
    const { roles, merchants, disabled } = body;
    return present(
      await this.changeStaff.run({ id: staffId, roles, merchants, isDisabled: disabled }),
    );
  }
}

function present(staff: Staff): object {
  return {
    staff_id: staff.id,
    email: staff.email,
    name: staff.name,
    roles: staff.roles,
    merchants: staff.merchants,
    disabled: staff.disabledAt !== null,
  };
}
