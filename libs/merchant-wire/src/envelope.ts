import { encryptResource } from './aead.js';
import { wireTime } from './wire-time.js';

export interface NotificationContent {
  /** The same for every try of one notification. */
  readonly id: string;
  readonly createdAt: Date;
  readonly eventType: string;
  readonly summary: string;
  readonly originalType: string;
  /** Compact JSON text. */
  readonly plaintext: string;
}

/**
 * The body of a notification (§4.1): compact JSON, so that a merchant who parses it and serialises it again gets the
 * very bytes that were signed.
 */
export function notificationBody(
  content: NotificationContent,
  sealing: { apiV3Key: string; nonce: string },
): string {
  const { algorithm, ciphertext, associated_data, nonce } = encryptResource(content.plaintext, {
    ...sealing,
    associatedData: content.originalType,
  });
  return JSON.stringify({
    id: content.id,
    create_time: wireTime(content.createdAt),
    resource_type: 'encrypt-resource',
    event_type: content.eventType,
    summary: content.summary,
    resource: {
      original_type: content.originalType,
      algorithm,
      ciphertext,
      associated_data,
      nonce,
    },
  });
}
