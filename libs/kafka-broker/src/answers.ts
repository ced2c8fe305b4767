import { connect } from 'node:net';

const ANSWER_MS_MAX = 2_000;
const API_VERSIONS = 18;
const LENGTH_BYTES = 4;

/** Asks which versions it speaks: a port that is open but not served yet does not answer that. */
export function answersKafka(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answered: boolean): void => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(ANSWER_MS_MAX, () => {
      end(false);
    });
    socket.once('error', () => {
      end(false);
    });
    socket.once('close', () => {
      end(false);
    });
    socket.once('connect', () => socket.write(apiVersionsRequest()));
    socket.once('data', () => {
      end(true);
    });
  });
}

/** Kafka's wire: length, then api key, api version, correlation id and a client id of no length. */
function apiVersionsRequest(): Buffer {
  const body = Buffer.alloc(10);
  body.writeInt16BE(API_VERSIONS, 0);
  body.writeInt16BE(0, 2);
  body.writeInt32BE(1, 4);
  body.writeInt16BE(-1, 8);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeInt32BE(body.length, 0);
  return Buffer.concat([length, body]);
}
