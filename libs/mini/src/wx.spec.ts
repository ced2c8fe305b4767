import { describe, expect, it } from '@jest/globals';
import { NoHost } from './bridge.js';
import { type Caller, createWx, type Outcome } from './wx.js';

const PARAMETERS = {
  timeStamp: '1',
  nonceStr: 'n',
  package: 'prepay_id=x',
  signType: 'RSA',
  paySign: 's',
};

function hostThat(answer: () => Promise<unknown>): Caller {
  return { launch: { path: '/a', query: {}, scene: 'qr' }, call: answer };
}

/** Collects which callbacks ran, in order. */
function heard(host: Caller): Promise<[string, Outcome][]> {
  return new Promise((resolve) => {
    const calls: [string, Outcome][] = [];
    void createWx(host).requestPayment({
      ...PARAMETERS,
      success: (outcome) => calls.push(['success', outcome]),
      fail: (outcome) => calls.push(['fail', outcome]),
      complete: (outcome) => {
        calls.push(['complete', outcome]);
        resolve(calls);
      },
    });
  });
}

describe('wx.requestPayment', () => {
  it('says success and then complete when it was paid', async () => {
    const ok = { errMsg: 'requestPayment:ok' };
    const calls = await heard(hostThat(() => Promise.resolve(ok)));
    expect(calls).toEqual([
      ['success', ok],
      ['complete', ok],
    ]);
  });

  it.each([
    ['requestPayment:fail cancel', 700_601],
    ['requestPayment:fail pending', 700_600],
    ['requestPayment:fail order paid', 700_000],
  ])('says fail and then complete for %s', async (errMsg, errCode) => {
    const outcome = { errMsg, errCode };
    const calls = await heard(hostThat(() => Promise.resolve(outcome)));
    expect(calls.map(([name]) => name)).toEqual(['fail', 'complete']);
    expect(calls[0]?.[1]).toEqual(outcome);
  });

  it('answers with a Promise when there is no callback', async () => {
    const wx = createWx(
      hostThat(() => Promise.resolve({ errMsg: 'requestPayment:fail cancel', errCode: 700_601 })),
    );
    await expect(wx.requestPayment(PARAMETERS)).rejects.toEqual({
      errMsg: 'requestPayment:fail cancel',
      errCode: 700_601,
    });
  });

  it('says network error when there is no host', async () => {
    const calls = await heard(hostThat(() => Promise.reject(new NoHost('no host'))));
    expect(calls[0]?.[1]).toEqual({
      errMsg: 'requestPayment:fail network error',
      errCode: 700_602,
    });
  });

  it('names the parameter that is missing, and throws nothing', async () => {
    const wx = createWx(hostThat(() => Promise.resolve({ errMsg: 'requestPayment:ok' })));
    const rest = { ...PARAMETERS, paySign: undefined } as unknown as typeof PARAMETERS;
    await expect(wx.requestPayment(rest)).rejects.toMatchObject({
      errMsg: 'requestPayment:fail parameter error: parameter.paySign should be a string',
    });
  });
});

describe('wx.login', () => {
  it('gives the code', async () => {
    const wx = createWx(hostThat(() => Promise.resolve({ code: 'c' })));
    await expect(wx.login()).resolves.toEqual({ code: 'c', errMsg: 'login:ok' });
  });
});
