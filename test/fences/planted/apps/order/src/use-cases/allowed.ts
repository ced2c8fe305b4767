export { money } from '@stuiver/money';
export { errors } from '@stuiver/errors';
