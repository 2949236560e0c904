// A certificate authority for one test run, made with the openssl command.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes an authority and a certificate of it for `names` (subjectAltName entries as openssl writes
 * them: "IP:127.0.0.1", "DNS:provider.test").
 */
export function makeCertificates(names) {
  const folder = mkdtempSync(join(tmpdir(), 'weir-certificates-'));
  const file = (name) => join(folder, name);
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2',
    '-subj', '/CN=Weir test authority'); // prettier-ignore
  openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=provider');
  writeFileSync(file('names'), `subjectAltName=${names.join(',')}\n`);
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key',
    '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'server.pem'); // prettier-ignore
  return {
    authority: file('ca.pem'),
    server: { key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
