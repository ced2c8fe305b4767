import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@stuiver/testing';

export interface HeardNotification {
  readonly headers: IncomingHttpHeaders;
  /** Names as they stood on the wire. */
  readonly headerNames: readonly string[];
  readonly body: string;
  readonly eventType: string;
}

/** The merchant's own server, waiting to be notified. */
export interface NotificationListener {
  readonly url: string;
  readonly heard: readonly HeardNotification[];
  /** The first notification of this type that `isIt` accepts. */
  next(eventType: string, isIt: (heard: HeardNotification) => boolean): Promise<HeardNotification>;
  close(): void;
}

export async function listenForNotifications(): Promise<NotificationListener> {
  const heard: HeardNotification[] = [];
  const server = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { event_type: eventType } = JSON.parse(body) as { event_type: string };
      const headerNames = request.rawHeaders.filter((_name, index) => index % 2 === 0);
      heard.push({ headers: request.headers, headerNames, body, eventType });
      answer.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/notify`,
    heard,
    next: (eventType, isIt) =>
      eventually(`a notification ${eventType}`, () =>
        heard.find((one) => one.eventType === eventType && isIt(one)),
      ),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
