/** The five lines a merchant signs (§1.1). `target` and `body` are raw: nothing decoded, nothing re-serialised. */
export function requestText(request: {
  readonly method: string;
  readonly target: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: Uint8Array;
}): Buffer {
  const { method, target, timestamp, nonce, body } = request;
  const head = `${method}\n${target}\n${timestamp}\n${nonce}\n`;
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\n')]);
}

/** The three lines the platform signs: answers and notifications (§1.2, §4.1). */
export function answerText(answer: {
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: Uint8Array;
}): Buffer {
  const { timestamp, nonce, body } = answer;
  return Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
}

/** The four lines behind `paySign` (§3), as `wx.requestPayment` gets them. */
export function paySignText(object: {
  readonly appid: string;
  readonly timeStamp: string;
  readonly nonceStr: string;
  readonly package: string;
}): Buffer {
  return Buffer.from(
    `${object.appid}\n${object.timeStamp}\n${object.nonceStr}\n${object.package}\n`,
  );
}
