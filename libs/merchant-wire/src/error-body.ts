import type { Refusal } from '@stuiver/errors';

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly detail?: ErrorDetail;
}

interface ErrorDetail {
  readonly field: string;
  readonly value?: string;
  readonly issue: string;
  readonly location: string;
  /** As the real service nests it for signatures. */
  readonly detail?: { readonly issue: string };
  readonly sign_information?: SignInformation;
}

/** The text that this server built and the signature did not fit: the signer compares it with their own. */
export interface SignInformation {
  readonly method: string;
  readonly url: string;
  readonly truncated_sign_message: string;
  readonly sign_message_length: number;
}

const SHOWN_CHARACTERS_MAX = 300;

/** Facts of a SIGN_ERROR from which the error body rebuilds `sign_information`. */
export function signFacts(request: {
  method: string;
  target: string;
  text: Buffer;
}): Record<string, string> {
  const { method, target, text } = request;
  return {
    method,
    url: target,
    truncated_sign_message: text.toString('utf8').slice(0, SHOWN_CHARACTERS_MAX),
    sign_message_length: String(text.length),
  };
}

/** WeChat's error body (§1.7). Facts `field`, `rule`, `value`, `location` become its detail. */
export function errorBody(refusal: Refusal, message: string): ErrorBody {
  const { code, facts } = refusal;
  const { field, rule } = facts;
  if (field === undefined || rule === undefined) return { code, message };
  const { value, location = 'body' } = facts;
  return {
    code,
    message,
    detail: {
      field,
      ...(value === undefined ? {} : { value }),
      issue: rule,
      location,
      ...signDetail(facts),
    },
  };
}

function signDetail(facts: Readonly<Record<string, string>>): Partial<ErrorDetail> {
  const { method, url, truncated_sign_message, sign_message_length } = facts;
  if (method === undefined || url === undefined || truncated_sign_message === undefined) return {};
  return {
    detail: { issue: facts['rule'] ?? '' },
    sign_information: {
      method,
      url,
      truncated_sign_message,
      sign_message_length: Number(sign_message_length),
    },
  };
}
