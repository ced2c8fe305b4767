import type { EntityManager } from 'typeorm';

/**
 * Keeps a file of the bank's, sealed, with its hash in the clear.
 *
 * @returns false when the same file was kept before: whoever kept it does the rest.
 */
export async function insertBankFile(
  tx: EntityManager,
  file: { sha256: string; content: Uint8Array; by: string; at: Date },
  sealed: Uint8Array,
): Promise<boolean> {
  const inserted = await tx.query<unknown[]>(
    `insert into payout.bank_file (sha256, content_sealed, byte_count, imported_by, imported_at)
     values ($1, $2, $3, $4, $5) on conflict do nothing returning sha256`,
    [file.sha256, Buffer.from(sealed), file.content.length, file.by, file.at],
  );
  return inserted.length > 0;
}
