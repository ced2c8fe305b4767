import { describe, expect, it } from '@jest/globals';
import { HostLost, NoHost } from './bridge.js';
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

  it('says pending when the host went away after it was asked', async () => {
    const calls = await heard(hostThat(() => Promise.reject(new HostLost('gone'))));
    expect(calls[0]).toEqual(['fail', { errMsg: 'requestPayment:fail pending', errCode: 700_600 }]);
  });

  it('never says "cancel" in other words than its own', async () => {
    const calls = await heard(hostThat(() => Promise.reject(new Error('was cancelled by you'))));
    expect(calls[0]?.[1].errMsg).toBe('requestPayment:fail was stopped by you');
  });

  it.each([undefined, null, 5, 'x', []])(
    'throws nothing when it is called with %p',
    async (given) => {
      const wx = createWx(hostThat(() => Promise.resolve({ errMsg: 'requestPayment:ok' })));
      await expect(wx.requestPayment(given as unknown as typeof PARAMETERS)).rejects.toMatchObject({
        errCode: 700_000,
      });
    },
  );

  it('names the parameter that is missing, and throws nothing', async () => {
    const wx = createWx(hostThat(() => Promise.resolve({ errMsg: 'requestPayment:ok' })));
    const rest = { ...PARAMETERS, paySign: undefined } as unknown as typeof PARAMETERS;
    await expect(wx.requestPayment(rest)).rejects.toMatchObject({
      errMsg: 'requestPayment:fail parameter error: parameter.paySign should be a string',
    });
  });
});

describe('what is not here', () => {
  it.each(['requestVirtualPayment', 'requestPluginPayment'] as const)(
    '%s fails and says so',
    async (api) => {
      const wx = createWx(hostThat(() => Promise.resolve({})));
      const outcome = { errMsg: `${api}:fail not supported`, errCode: 700_000 };
      await expect(wx[api]()).rejects.toEqual(outcome);
    },
  );
});

describe('wx.login', () => {
  it('says network error when the host does not answer in time', async () => {
    const wx = createWx(hostThat(() => Promise.reject(new HostLost('late'))));
    await expect(wx.login({ timeout: 1 })).rejects.toEqual({
      errMsg: 'login:fail network error',
      errCode: 700_602,
    });
  });

  it('gives the code', async () => {
    const wx = createWx(hostThat(() => Promise.resolve({ code: 'c' })));
    await expect(wx.login()).resolves.toEqual({ code: 'c', errMsg: 'login:ok' });
  });
});
