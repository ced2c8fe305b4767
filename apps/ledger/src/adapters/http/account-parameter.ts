import { validText } from '@stuiver/http';

/** An account's name as it stands in a path. @throws Refusal PARAM_ERROR */
export function accountParameter(text: string): string {
  return validText(text, {
    field: 'account',
    pattern: /^[A-Za-z0-9_.:-]{3,150}$/,
    says: 'must be the name of an account, such as fees:income',
    location: 'path',
  });
}
