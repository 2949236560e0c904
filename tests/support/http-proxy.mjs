// A forward proxy: CONNECT tunnels and requests with whole addresses, to the hosts that it knows.
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';

/** `ports`: a port on loopback for each host; `credentials`: "user:password" that it asks for. */
export async function startHttpProxy(ports, { credentials = '' } = {}) {
  const requests = [];
  const wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const admits = ({ headers }) => !wanted || headers['proxy-authorization'] === wanted;
  const sockets = new Set();

  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url);
    if (!admits(request)) return void response.writeHead(407).end();
    const { method, headers } = request;
    const target = { host: '127.0.0.1', port: ports[url.hostname], path: url.pathname };
    const onward = httpRequest({ ...target, method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, socket, head) => {
    requests.push(`CONNECT ${request.url}`);
    socket.on('error', () => {});
    if (!admits(request))
      return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const onward = connect(ports[request.url.split(':')[0]], '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: server.address().port,
    requests,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
