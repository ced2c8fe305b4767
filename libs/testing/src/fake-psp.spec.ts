import { describe, it } from '@jest/globals';
import { PAY_IN_FACTS, type PayInWorld } from '@stuiver/psp';
import { FakePsp } from './fake-psp.js';

function fakeWorld(): PayInWorld {
  const psp = new FakePsp();
  return {
    psp,
    decide: (payment, outcome) => {
      psp.settle(payment.reference, outcome === 'authorise' ? 'succeeded' : 'failed');
      return Promise.resolve();
    },
    disputed: async (request, what) => {
      const payment = await psp.openPayment({ ...request, cardToken: 'pm_card_visa' });
      return { payment, dispute: psp.disputes.open(payment, what) };
    },
    decideDispute: (id, outcome) => {
      psp.disputes.decide(id, outcome);
      return Promise.resolve();
    },
    loseNextAnswer: () => {
      psp.loseAnswers(1);
      return Promise.resolve();
    },
    messageAbout: (thing) => Promise.resolve(psp.webhookOf(thing)),
  };
}

describe('the fake PSP', () => {
  it.each([...PAY_IN_FACTS])('$name', ({ prove }) => prove(fakeWorld()));
});
