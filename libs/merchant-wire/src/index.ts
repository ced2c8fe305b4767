export {
  parseAuthorization,
  canonicalSerial,
  SCHEME,
  type Authorization,
} from './authorization.js';
export { requestText, answerText, paySignText } from './signed-text.js';
export { ParsedKeys, isSignedBy, encryptField, OAEP_BYTES_MAX } from './rsa.js';
export {
  encryptResource,
  decryptResource,
  AEAD_NONCE_CHARACTERS,
  type EncryptedResource,
} from './aead.js';
export { signatureHeaders, requestIdHeader, type AnswerSignature } from './answer-headers.js';
export { errorBody, signFacts, type ErrorBody } from './error-body.js';
export { wireTime, parseWireTime } from './wire-time.js';
export { notificationBody, type NotificationContent } from './envelope.js';
