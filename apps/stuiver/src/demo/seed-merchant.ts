import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { z } from 'zod';
import type { OperatorClient } from '../commands/operator-client.js';
import { writePrivateFile } from '../run/secrets.js';
import { DEMO_MERCHANT, DEMO_MINI_PROGRAM } from './demo-world.js';

/** Two people say where the demo's merchant is paid, as they must everywhere. */
const DEMO_PEOPLE_OF_PAYEE = { maker: 'Femke', checker: 'Jonas' } as const;

const Merchant = z.object({
  mchid: z.string(),
  serial_no: z.string(),
  certificate_pem: z.string(),
  api_v3_key: z.string(),
  platform_public_key_id: z.string(),
  platform_public_key: z.string(),
});
const MiniProgram = z.object({ appid: z.string(), app_secret: z.string() });

/**
 * The demo merchant with its keys in `{dataDir}/demo/merchant`, as its own server would hold them. Its private key is
 * made here and never leaves the folder. Safe to repeat after a crash: the key is written first, the rest follows.
 */
export async function seedMerchant(options: {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly operator: OperatorClient;
  readonly packageDir: string;
}): Promise<string> {
  const folder = join(options.dataDir, 'demo', 'merchant');
  const facts = join(folder, 'merchant.json');
  if ((await readFile(facts).catch(() => undefined)) !== undefined) return folder;
  const request = await signingRequest(folder);
  const merchant = Merchant.parse(
    await options.operator.call('POST', '/operator/merchants', {
      name: DEMO_MERCHANT.name,
      mchid: DEMO_MERCHANT.mchid,
      csr_pem: request,
    }),
  );
  await options.operator.call('PUT', `/operator/payees/${merchant.mchid}`, {
    name: DEMO_MERCHANT.name,
    iban: DEMO_MERCHANT.iban,
    ...DEMO_PEOPLE_OF_PAYEE,
  });
  const program = MiniProgram.parse(
    await options.operator.call('POST', '/operator/mini-programs', {
      mchid: merchant.mchid,
      ...DEMO_MINI_PROGRAM,
      origin_kind: 'packaged',
      source: options.packageDir,
    }),
  );
  await writePrivateFile(join(folder, 'apiclient_cert.pem'), merchant.certificate_pem);
  await writePrivateFile(
    facts,
    JSON.stringify(
      {
        mchid: merchant.mchid,
        appid: program.appid,
        app_secret: program.app_secret,
        api_v3_key: merchant.api_v3_key,
        serial_no: merchant.serial_no,
        platform_public_key_id: merchant.platform_public_key_id,
        platform_public_key: merchant.platform_public_key,
        base_url: options.apiUrl,
      },
      null,
      2,
    ),
  );
  return folder;
}

/** The request that was made before, or a new key and its request (PKCS#10, RSA-2048). */
async function signingRequest(folder: string): Promise<string> {
  const keyFile = join(folder, 'apiclient_key.pem');
  const requestFile = join(folder, 'request.pem');
  const known = await readFile(requestFile, 'utf8').catch(() => undefined);
  if (known !== undefined) return known;
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${DEMO_MERCHANT.mchid}`,
    keys,
    signingAlgorithm: algorithm,
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  await writePrivateFile(keyFile, pem('PRIVATE KEY', pkcs8));
  await writePrivateFile(requestFile, request.toString('pem'));
  return request.toString('pem');
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
