import { describe, expect, it } from '@jest/globals';
import { Bridge, HostLost, NoHost, readName } from './bridge.js';

const NAME = JSON.stringify({ launchId: 'l1', path: '/menu', query: { table: '4' }, scene: 'qr' });

/** A page in a frame, as far as the bridge sees one; `said` is what it posted to its parent. */
function framed(name: string): { page: Window; said: unknown[]; tell: (event: object) => void } {
  const said: unknown[] = [];
  const listeners: ((event: object) => void)[] = [];
  const parent = { postMessage: (data: unknown) => said.push(data) };
  const page = {
    name,
    parent,
    addEventListener: (_type: string, listener: (event: object) => void) => {
      listeners.push(listener);
    },
  };
  const tell = (event: object): void => {
    for (const listener of listeners) listener({ source: parent, ports: [], ...event });
  };
  return { page: page as unknown as Window, said, tell };
}

function handOver(tell: (event: object) => void, launchId = 'l1'): MessagePort {
  const { port1, port2 } = new MessageChannel();
  tell({ data: { stuiver: 'port', launchId }, ports: [port2] });
  return port1;
}

describe('the bridge', () => {
  it('says ready with its launch id, and knows its launch before anything is answered', () => {
    const { page, said, tell } = framed(NAME);
    const bridge = new Bridge(page);
    handOver(tell).close();
    expect(said).toEqual([{ stuiver: 'ready', launchId: 'l1' }]);
    expect(bridge.launch).toEqual({ path: '/menu', query: { table: '4' }, scene: 'qr' });
  });

  it('sends calls over the port it is handed and matches the answers', async () => {
    const { page, tell } = framed(NAME);
    const bridge = new Bridge(page);
    const host = handOver(tell);
    host.onmessage = ({ data }: MessageEvent<{ id: number; method: string }>) => {
      host.postMessage({ jsonrpc: '2.0', id: data.id, result: { heard: data.method } });
    };
    await expect(bridge.call('login', {})).resolves.toEqual({ heard: 'login' });
    host.close();
  });

  it('hears a refusal in the words of the host', async () => {
    const { page, tell } = framed(NAME);
    const bridge = new Bridge(page);
    const host = handOver(tell);
    host.onmessage = ({ data }: MessageEvent<{ id: number }>) => {
      const error = { code: -32_601, message: 'not supported' };
      host.postMessage({ jsonrpc: '2.0', id: data.id, error });
    };
    await expect(bridge.call('scanCode', {})).rejects.toThrow('not supported');
    host.close();
  });

  it('takes no port from anybody but its parent, nor one of another launch', async () => {
    const { page, tell } = framed(NAME);
    const bridge = new Bridge(page);
    const { port1, port2 } = new MessageChannel();
    tell({ source: {}, data: { stuiver: 'port', launchId: 'l1' }, ports: [port2] });
    handOver(tell, 'another').close();
    port1.close();
    const answered = bridge.call('login', {}, 1);
    const host = handOver(tell);
    await expect(answered).rejects.toBeInstanceOf(HostLost);
    host.close();
  });

  it('gives up on a host that is silent, and on one that is gone', async () => {
    const { page, tell } = framed(NAME);
    const bridge = new Bridge(page);
    const host = handOver(tell);
    await expect(bridge.call('login', {}, 1)).rejects.toBeInstanceOf(HostLost);
    const asked = bridge.call('requestPayment', {});
    host.close();
    await expect(asked).rejects.toBeInstanceOf(HostLost);
  });

  it('knows at once that a page of its own has no host', async () => {
    const page = { name: '', addEventListener: () => undefined, postMessage: () => undefined };
    const top = Object.assign(page, { parent: page }) as unknown as Window;
    await expect(new Bridge(top).call('login', {})).rejects.toBeInstanceOf(NoHost);
  });
});

describe('the name of the frame', () => {
  it.each(['', 'plain', '{', 'null'])('is no launch when it is %p', (name) => {
    expect(readName(name)).toEqual({ launchId: '', launch: { path: '', query: {}, scene: '' } });
  });
});
