import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Environment = z.object({
  // Known beforehand: it is part of the address that Stuiver notifies.
  DEMO_PORT: z.coerce.number().int().min(1).max(65_535),
  DEMO_MERCHANT_DIR: z.string().min(1),
  DEMO_DATA_DIR: z.string().min(1),
});
const Merchant = z.object({
  mchid: z.string(),
  appid: z.string(),
  app_secret: z.string(),
  api_v3_key: z.string(),
  serial_no: z.string(),
  base_url: z.url(),
});

export interface CafeConfig {
  readonly port: number;
  readonly dataDir: string;
  readonly merchant: z.infer<typeof Merchant>;
  readonly privateKey: Buffer;
  readonly certificate: Buffer;
}

/** What any merchant's server has: its own key and certificate, and the few facts of its contract. */
export async function readConfig(environment: NodeJS.ProcessEnv): Promise<CafeConfig> {
  const values = Environment.parse(environment);
  const read = (name: string): Promise<Buffer> => readFile(join(values.DEMO_MERCHANT_DIR, name));
  const [merchant, privateKey, certificate] = await Promise.all([
    read('merchant.json'),
    read('apiclient_key.pem'),
    read('apiclient_cert.pem'),
  ]);
  return {
    port: values.DEMO_PORT,
    dataDir: values.DEMO_DATA_DIR,
    merchant: Merchant.parse(JSON.parse(merchant.toString('utf8'))),
    privateKey,
    certificate,
  };
}
