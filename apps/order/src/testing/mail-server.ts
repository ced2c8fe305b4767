import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail server that speaks enough SMTP (RFC 5321) to be handed mails, and keeps them. */
export class MailServer {
  readonly taken: string[] = [];
  /** Answers to RCPT; 250 takes it. */
  answer = '250 fine';
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<MailServer> {
    const server = createServer();
    const mails = new MailServer(server);
    server.on('connection', (socket) => {
      mails.talk(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return mails;
  }

  get url(): string {
    return `smtp://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private talk(socket: Socket): void {
    let heard = '';
    let isData = false;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('220 mail.test\r\n');
    socket.on('data', (bytes) => {
      heard += bytes.toString();
      for (;;) {
        const end = heard.indexOf(isData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const said = heard.slice(0, end);
        heard = heard.slice(end + (isData ? 5 : 2));
        if (isData) this.taken.push(said);
        const answer = isData ? '250 taken' : this.reply(said);
        isData = !isData && answer.startsWith('354');
        socket.write(`${answer}\r\n`);
      }
    });
  }

  private reply(line: string): string {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'RCPT') return this.answer;
    if (verb === 'DATA') return '354 go on';
    return verb === 'QUIT' ? '221 bye' : '250 mail.test';
  }
}
