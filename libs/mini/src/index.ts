import { Bridge } from './bridge.js';
import { createWx } from './wx.js';

export { createWx, type Wx } from './wx.js';
export type { Outcome, RequestPaymentOptions, LoginOptions } from './wx.js';

/** Loading this file makes `wx`, as a WeChat mini-program knows it. */
const wx = createWx(new Bridge(window));
Object.assign(globalThis, { wx });
