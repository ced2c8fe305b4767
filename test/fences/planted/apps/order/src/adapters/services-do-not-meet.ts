export { ledger } from '@stuiver/ledger';
