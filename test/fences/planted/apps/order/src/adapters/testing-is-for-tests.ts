export { testing } from '@stuiver/testing';
