// Forms of HTTP/1.1 that parties along the way read differently, or that nobody should send: who lets
// one pass may see two requests where another saw one (RFC 9112, 11.2), or hold what never ends.

const post = 'POST /v1/answers HTTP/1.1\r\nHost: localhost\r\n';
const get = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n';
const chunkedBody = '0\r\n\r\n';

/** Refused with this status and closed: [what it is, its bytes, status]. A request stands behind each. */
export const refusedForms = [
  // Two ways to tell the length.
  ['a length and chunks', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedBody}`, 400],
  ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n${chunkedBody}`, 400],
  ['two lengths that differ', `${post}Content-Length: 0\r\nContent-Length: 5\r\n\r\n`, 400],
  ['two lengths that are the same', `${post}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`, 400],
  ['a list of lengths', `${post}Content-Length: 0, 5\r\n\r\n`, 400],
  ['a list of the same length', `${post}Content-Length: 0, 0\r\n\r\n`, 400],
  // Lengths that are no number of bytes.
  ['a negative length', `${post}Content-Length: -1\r\n\r\n`, 400],
  ['a length with a sign', `${post}Content-Length: +0\r\n\r\n`, 400],
  ['a hexadecimal length', `${post}Content-Length: 0x0\r\n\r\n`, 400],
  ['a length in words', `${post}Content-Length: none\r\n\r\n`, 400],
  ['an empty length', `${post}Content-Length:\r\n\r\n`, 400],
  ['a length of 2^64', `${post}Content-Length: 18446744073709551616\r\n\r\n`, 400],
  ['a length of 2^64 - 1', `${post}Content-Length: 18446744073709551615\r\n\r\n`, 413],
  ['a length with a blank in it', `${post}Content-Length: 0 0\r\n\r\n`, 400],
  // Transfer codings that hide "chunked".
  ['another coding', `${post}Transfer-Encoding: gzip\r\n\r\n`, 400],
  ['a coding before the chunks', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n${chunkedBody}`, 400],
  ['a coding behind the chunks', `${post}Transfer-Encoding: chunked, identity\r\n\r\n${chunkedBody}`, 400],
  ['chunks twice', `${post}Transfer-Encoding: chunked, chunked\r\n\r\n${chunkedBody}`, 400],
  ['chunks in two fields', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedBody}`, 400],
  ['a coding and chunks in two fields', `${post}Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedBody}`, 400],
  ['chunks and a coding in two fields', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n${chunkedBody}`, 400],
  ['a coding that begins like chunks', `${post}Transfer-Encoding: chunkedx\r\n\r\n${chunkedBody}`, 400],
  ['chunks in quotes', `${post}Transfer-Encoding: "chunked"\r\n\r\n${chunkedBody}`, 400],
  ['chunks with a parameter', `${post}Transfer-Encoding: chunked;q=1\r\n\r\n${chunkedBody}`, 400],
  ['chunks behind a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n${chunkedBody}`, 400],
  ['an empty coding', `${post}Transfer-Encoding:\r\n\r\n`, 400],
  ['chunks in HTTP/1.0', `POST /v1/answers HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${chunkedBody}`, 400],
  // Lines that end, begin or go on in other ways.
  ['lines that end with LF', `${get.replaceAll('\r\n', '\n')}\n`, 400],
  ['one line that ends with LF', `${post}X: a\nContent-Length: 0\r\n\r\n`, 400],
  ['a CR within a line', `${get}X: a\rb\r\n\r\n`, 400],
  ['a folded line', `${post}X: a\r\n b\r\nContent-Length: 0\r\n\r\n`, 400],
  ['a coding in a folded line', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n${chunkedBody}`, 400],
  ['a folded line with a tab', `${get}X: a\r\n\tb\r\n\r\n`, 400],
  ['a first line that begins with a blank', `GET /livez HTTP/1.1\r\n Host: localhost\r\n\r\n`, 400],
  ['a blank before the colon', `${post}Content-Length : 0\r\n\r\n`, 400],
  ['a tab before the colon', `${post}Transfer-Encoding\t: chunked\r\n\r\n${chunkedBody}`, 400],
  ['a field without a colon', `${get}Content-Length\r\n\r\n`, 400],
  ['a field without a name', `${get}: a\r\n\r\n`, 400],
  ['a blank within a name', `${get}Content Length: 0\r\n\r\n`, 400],
  ['a NUL in a value', `${get}X: a\0b\r\n\r\n`, 400],
  ['a NUL in a name', `${get}X\0: a\r\n\r\n`, 400],
  ['a NUL in the target', 'GET /livez\0 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a bell in a value', `${get}X: \x07\r\n\r\n`, 400],
  // Chunks.
  ['a chunk without a size', `${post}Transfer-Encoding: chunked\r\n\r\n\r\n\r\n`, 400],
  ['a chunk with a sign', `${post}Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n`, 400],
  ['a negative chunk', `${post}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`, 400],
  ['a chunk with 0x', `${post}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n`, 400],
  ['a chunk of 2^64', `${post}Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n`, 400],
  ['a chunk of 2^64 - 1', `${post}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n`, 413],
  ['a chunk longer than it says', `${post}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`, 400],
  ['a chunk line that ends with LF', `${post}Transfer-Encoding: chunked\r\n\r\n0\n\r\n\r\n`, 400],
  ['a chunk extension that is none', `${post}Transfer-Encoding: chunked\r\n\r\n1 a\r\nx\r\n0\r\n\r\n`, 400],
  ['a chunk extension with a NUL', `${post}Transfer-Encoding: chunked\r\n\r\n1;a=\0\r\nx\r\n0\r\n\r\n`, 400],
  ['trailers that are no fields', `${post}Transfer-Encoding: chunked\r\n\r\n0\r\nnone\r\n\r\n`, 400],
  ['a length in the trailers', `${post}Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 5\r\n\r\n`, 400],
  // Whom it is for.
  ['no Host', 'GET /livez HTTP/1.1\r\n\r\n', 403],
  ['an empty Host', 'GET /livez HTTP/1.1\r\nHost:\r\n\r\n', 403],
  ['two Hosts', `${get}Host: localhost\r\n\r\n`, 403],
  ['two Hosts, the second foreign', `${get}Host: attacker.example\r\n\r\n`, 403],
  ['a list of Hosts', 'GET /livez HTTP/1.1\r\nHost: localhost, attacker.example\r\n\r\n', 403],
  ['a Host with a user', 'GET /livez HTTP/1.1\r\nHost: localhost@attacker.example\r\n\r\n', 403],
  ['a Host with a path', 'GET /livez HTTP/1.1\r\nHost: localhost/x\r\n\r\n', 403],
  ['another host in the target', 'GET http://attacker.example/livez HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a way through', 'CONNECT attacker.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a target that is no path', 'GET livez HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  // Other protocols.
  ['HTTP/0.9', 'GET /livez\r\n\r\n', 400],
  ['HTTP/1.2', 'GET /livez HTTP/1.2\r\nHost: localhost\r\n\r\n', 400],
  ["HTTP/2's preface", 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['HTTP/3 by name', 'GET /livez HTTP/3.0\r\nHost: localhost\r\n\r\n', 400],
  ['a version in small letters', 'GET /livez http/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a version with a blank', 'GET /livez HTTP/1.1 \r\nHost: localhost\r\n\r\n', 400],
  ['two blanks before the version', 'GET /livez  HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['no target', 'GET HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ['a method that is none', 'GE(T /livez HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
  ["TLS's first words", '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['an SMTP client', 'EHLO attacker.example\r\nMAIL FROM: <a@b>\r\n', 400],
  // Without an end.
  ['a target of 100 KB', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
  ['a name of 100 KB', `${get}${'a'.repeat(100_000)}: a\r\n\r\n`, 431],
  ['a value of 100 KB', `${get}X: ${'a'.repeat(100_000)}\r\n\r\n`, 431],
  ['10,000 fields', `${get}${'X: a\r\n'.repeat(10_000)}\r\n`, 431],
  ['a chunk extension of 1 MB', `${post}Transfer-Encoding: chunked\r\n\r\n1;a=${'a'.repeat(1 << 20)}`, 431],
  ['trailers of 1 MB', `${post}Transfer-Encoding: chunked\r\n\r\n0\r\n${'X: a\r\n'.repeat(170_000)}`, 431],
]; // prettier-ignore

const last = 'GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** Unusual, and allowed: [what it is, its bytes, the statuses of the responses]. */
export const takenForms = [
  ['a body where none has a meaning', `${get}Content-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: ${last}`, [200, 200]],
  ['an empty body in chunks', `${get}Transfer-Encoding: chunked\r\n\r\n${chunkedBody}${last}`, [200, 200]],
  ['chunk extensions', `${get}Transfer-Encoding: CHUNKED\r\n\r\n1;a;b="c\\"d"\r\nx\r\n0;e=f\r\n\r\n${last}`, [200, 200]],
  ['a Host in the trailers', `${get}Transfer-Encoding: chunked\r\n\r\n0\r\nHost: attacker.example\r\n\r\n${last}`, [200, 200]],
  ['trailers that would ask for a range', `GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nRange: bytes=0-0\r\n\r\n${last}`, [200, 200]],
  ['HTTP/1.0 without a wish to go on', `GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n${last}`, [200]],
  ['another server as the target', `GET //attacker.example/livez HTTP/1.1\r\nHost: localhost\r\n\r\n${last}`, [400, 200]],
  ['a close, and more behind it', `${get}Connection: close\r\n\r\n${last}`, [200]],
]; // prettier-ignore

/** What stands behind each refused form, and must never be taken for a request. */
export const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n';
