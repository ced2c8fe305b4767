export { nothing } from '@stuiver/nowhere';
