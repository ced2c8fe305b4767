import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { randomText } from '@stuiver/ids';
import type { Random } from '@stuiver/ports';

/** 32 bytes as base64url. */
const TOKEN_CHARACTERS = 43;

const SecretsFile = z.object({
  operatorToken: z.string().min(32),
  webhookSecret: z.string().min(32),
  webhookSecretPayout: z.string().min(32),
  /** Signs the cookies of staff: 32 bytes as base64url. */
  staffKey: z.string().length(TOKEN_CHARACTERS),
  /** By which the other services call the ledger, when it is a process of its own. */
  ledgerCredentials: z.object({ order: z.string().min(32), payout: z.string().min(32) }),
});

export type Secrets = z.infer<typeof SecretsFile>;

/** The secrets this installation made for itself, once: `{dataDir}/secrets.json`, 0600. */
export async function readOrMakeSecrets(dataDir: string, random: Random): Promise<Secrets> {
  const path = join(dataDir, 'secrets.json');
  const known = await readFile(path, 'utf8').catch(() => '{}');
  const secret = (): string => randomText(TOKEN_CHARACTERS, random);
  // An installation that is older than one of them gets that one now.
  const made = {
    operatorToken: secret(),
    webhookSecret: `whsec_${secret()}`,
    webhookSecretPayout: `whsec_${secret()}`,
    staffKey: secret(),
    ledgerCredentials: { order: secret(), payout: secret() },
  };
  const secrets = SecretsFile.parse({ ...made, ...(JSON.parse(known) as object) });
  if (JSON.stringify(secrets) === known) return secrets;
  await writePrivateFile(path, JSON.stringify(secrets));
  await writePrivateFile(join(dataDir, 'operator.token'), secrets.operatorToken);
  return secrets;
}

/** Whole or not at all, and readable by us only. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const draft = `${path}.draft`;
  await writeFile(draft, content, { mode: 0o600 });
  await rename(draft, path);
}
