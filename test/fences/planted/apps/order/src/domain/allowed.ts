export { money } from '@stuiver/money';
