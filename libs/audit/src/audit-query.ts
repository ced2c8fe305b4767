import { IsIn, Matches, ValidateBy, ValidateIf } from 'class-validator';
import { AUDIT_ACTS, type AuditAct } from '@stuiver/ports';
import { type AuditSearch } from './read-audit-trail.js';

const DAY = /^20\d\d-\d\d-\d\d$/;
const ENTRIES_PER_PAGE = 50;

/** A day that the calendar has. */
export function isAuditDay(value: unknown): value is string {
  if (typeof value !== 'string' || !DAY.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

function Optional(): PropertyDecorator {
  return ValidateIf((_dto: object, value: unknown) => value !== undefined);
}

function IsDay(): PropertyDecorator {
  const says = { message: '$property must be a day such as 2026-11-24' };
  return ValidateBy({ name: 'isDay', validator: { validate: isAuditDay } }, says);
}

/** What a console may ask of a trail. */
export class AuditQuery {
  @Optional()
  @Matches(/^[1-9]\d{0,17}$/, { message: '$property must be the number of an entry' })
  readonly before?: string;
  @Optional() @IsIn(AUDIT_ACTS) readonly act?: AuditAct;
  @Optional()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, {
    message: '$property must be a staff id, operator or system',
  })
  readonly actor?: string;
  @Optional()
  @Matches(/^[A-Za-z0-9_.:-]{1,128}$/, { message: '$property must be an id' })
  readonly subject?: string;
  @Optional() @IsDay() readonly from?: string;
  @Optional() @IsDay() readonly to?: string;
}

/** One entry more than a page holds, so that the last page is known to be the last. */
export function searchOf(query: AuditQuery): AuditSearch {
  const { before = null, act = null, actor = null, subject = null, from = null, to = null } = query;
  return { before, act, actor, subject, from, to, limit: ENTRIES_PER_PAGE + 1 };
}

/** What of it fits on a page. */
export function auditPageOf<Entry extends { readonly no: string }>(
  found: readonly Entry[],
): { items: readonly Entry[]; next: string | null } {
  const items = found.slice(0, ENTRIES_PER_PAGE);
  return { items, next: found.length > ENTRIES_PER_PAGE ? (items.at(-1)?.no ?? null) : null };
}
