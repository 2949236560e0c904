// A provider without manners: reads a request, and then does to the connection whatever it is told.
import { createServer } from 'node:net';

/**
 * Starts it on a free port. `answer`: called with the connection, once a request has come whole over
 * it; may be set anew at any time.
 */
export async function startRawProvider(answer) {
  const sockets = new Set();
  const provider = { answer, requests: 0 };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let received = '';
    socket.setEncoding('latin1').on('data', (bytes) => {
      received += bytes;
      if (!isWhole(received)) return;
      received = '';
      provider.requests += 1;
      provider.answer(socket);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  provider.port = server.address().port;
  provider.baseUrl = `http://127.0.0.1:${provider.port}/v1`;
  provider.connections = () => sockets.size;
  provider.stop = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  };
  return provider;
}

function isWhole(request) {
  const end = request.indexOf('\r\n\r\n');
  const length = Number(/^content-length: *(\d+)/im.exec(request.slice(0, end))?.[1] ?? 0);
  return end >= 0 && request.length >= end + 4 + length;
}

/** Writes the same bytes over and over, as fast as they are taken, until the connection has ended. */
export function writeForEver(socket, piece) {
  const bytes = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)), 'latin1');
  const more = () => {
    while (!socket.destroyed && socket.write(bytes));
  };
  socket.on('drain', more);
  more();
}
