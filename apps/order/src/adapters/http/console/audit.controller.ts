import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { AuditQuery, auditPageOf, readAuditTrail, searchOf } from '@stuiver/audit';
import type { AuditRecord, Page } from '@stuiver/console-api';
import { ValidQuery } from '@stuiver/http';
import type { Database } from '@stuiver/postgres';
import { Needs, StaffGuard } from '@stuiver/staff';

/** Where the trails are read: each schema by its own role. */
export const AUDIT_DATABASES = Symbol('AUDIT_DATABASES');
export type AuditDatabases = Readonly<Record<'orders' | 'people', Database>>;

/** What was done about staff, merchants and refunds, and about payers; and by whom. */
@Controller('console/audit')
@UseGuards(StaffGuard)
@Needs('finance', 'operator')
export class ConsoleAuditController {
  constructor(@Inject(AUDIT_DATABASES) private readonly databases: AuditDatabases) {}

  @Get('orders')
  async orders(@ValidQuery(AuditQuery) query: AuditQuery): Promise<Page<AuditRecord>> {
    return auditPageOf(await readAuditTrail(this.databases.orders, 'orders', searchOf(query)));
  }

  @Get('people')
  async people(@ValidQuery(AuditQuery) query: AuditQuery): Promise<Page<AuditRecord>> {
    return auditPageOf(await readAuditTrail(this.databases.people, 'people', searchOf(query)));
  }
}
