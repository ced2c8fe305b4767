import { Refusal } from '@stuiver/errors';
import type { KeyStore } from '@stuiver/ports';

export interface EchoNotices {
  /** Books a SECURITY_ECHO.SUCCESS; once per `about`. */
  oweEcho(notice: {
    mchid: string;
    about: string;
    url: string;
    message: string;
    encrypted: string | null;
  }): Promise<void>;
}

export interface EchoRequest {
  readonly mchid: string;
  /** Names this request, so that the identical one again is notified once. */
  readonly about: string;
  readonly message: string;
  /** base64, encrypted for the platform key that `keyId` names. */
  readonly encrypted: string | null;
  readonly keyId: string | null;
  readonly notifyUrl: string | null;
  /** Encrypts a text for the merchant who asks. */
  readonly encryptForMerchant: (text: string) => string;
}

/** The connection test (section 1.6): proves signatures, encryption both ways, and notifications. */
export class Echo {
  constructor(
    private readonly keys: Pick<KeyStore, 'decrypt' | 'platformKeys'>,
    private readonly notices: EchoNotices,
    private readonly wake: () => void,
  ) {}

  /** @throws Refusal PARAM_ERROR when the encrypted message cannot be opened. */
  async run(request: EchoRequest): Promise<{ message: string; encrypted: string | null }> {
    const { mchid, about, message, notifyUrl } = request;
    const plain =
      request.encrypted === null ? null : await this.open(request.encrypted, request.keyId);
    const encrypted = plain === null ? null : request.encryptForMerchant(plain);
    if (notifyUrl !== null) {
      await this.notices.oweEcho({ mchid, about, url: notifyUrl, message, encrypted });
      this.wake();
    }
    return { message, encrypted };
  }

  private async open(encrypted: string, keyId: string | null): Promise<string> {
    const keys = await this.keys.platformKeys();
    const key = keys.find((candidate) => candidate.keyId === keyId);
    if (key === undefined) {
      throw new Refusal('PARAM_ERROR', {
        field: 'Wechatpay-Serial',
        rule: 'must name the platform certificate or public key that encrypted encrypted_echo_message',
        value: keyId ?? '',
        location: 'header',
      });
    }
    try {
      const bytes = await this.keys.decrypt(key.keyId, Buffer.from(encrypted, 'base64'));
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new Refusal('PARAM_ERROR', {
        field: 'encrypted_echo_message',
        rule: 'must be base64 of RSA-OAEP (SHA-1) with the platform key that Wechatpay-Serial names',
        value: '',
      });
    }
  }
}
