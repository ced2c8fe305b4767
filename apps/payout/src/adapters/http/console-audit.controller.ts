import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { AuditQuery, auditPageOf, readAuditTrail, searchOf } from '@stuiver/audit';
import type { AuditRecord, Page } from '@stuiver/console-api';
import { ValidQuery } from '@stuiver/http';
import type { Database } from '@stuiver/postgres';
import { Needs, StaffGuard } from '@stuiver/staff';

/** Where the trail is read. */
export const AUDIT_DATABASE = Symbol('AUDIT_DATABASE');

/** What was done about payouts and the bank, and by whom. */
@Controller('console/finance/audit')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsoleAuditController {
  constructor(@Inject(AUDIT_DATABASE) private readonly database: Database) {}

  @Get()
  async list(@ValidQuery(AuditQuery) query: AuditQuery): Promise<Page<AuditRecord>> {
    return auditPageOf(await readAuditTrail(this.database, 'payout', searchOf(query)));
  }
}
