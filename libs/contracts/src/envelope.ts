import { z } from 'zod';
import { MINOR_TEXT } from '@stuiver/money';

/**
 * SHA-256, as hex, of `metadataText(salt, fields)`: what the caller knows of people beside the amounts. Fields and salt
 * stay with the caller, who can erase them; the books hold the hash for ever.
 */
export const MetadataHashField = z.string().regex(/^[0-9a-f]{64}$/);
/** Chance, as hex: who knows all of a command but one field cannot guess that field by the hash in a receipt. */
export const ContentSaltField = z.string().regex(/^[0-9a-f]{32}$/);
export const MinorTextField = z.string().regex(MINOR_TEXT);
/** Minor units that may be below zero, such as a merchant's balance after a dispute. */
export const SignedMinorTextField = z.string().regex(/^-?(0|[1-9]\d{0,18})$/);
/** Minor units that many amounts add up to: a digit more than one of them may have. */
export const TotalMinorTextField = z.string().regex(/^(0|[1-9]\d{0,18})$/);
export const CurrencyField = z.literal('EUR');
export const InstantField = z.iso.datetime({ offset: true });
/** How the payer paid. */
export const MethodField = z.enum(['wallet', 'ideal', 'card']);
export type Method = z.infer<typeof MethodField>;

export const TOPICS = {
  order: 'stuiver.order',
  ledger: 'stuiver.ledger',
  payout: 'stuiver.payout',
} as const;
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/**
 * What travels: a CloudEvents 1.0 envelope around one fact in the past tense.
 * `subject` is the ordering key: events with the same subject arrive in the order they were said.
 */
export interface Envelope<Type extends string = string, Data = unknown> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: `/stuiver/${'order' | 'ledger' | 'payout'}`;
  readonly type: Type;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Data;
}
