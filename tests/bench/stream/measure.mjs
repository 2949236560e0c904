// One run of a scenario with a subject: both programs started afresh, measured, and stopped.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { makeCertificates } from '../../support/certificates.mjs';
import { freePort, pinned, startSubject, subjects } from './subjects.mjs';

/** What undoes all that was started and still runs. */
const running = new Set();

export async function stopAll() {
  await Promise.allSettled([...running].map((stop) => stop()));
}

/** Does `work`, with `stop` to be called after it or when everything is to end. */
async function during(stop, work) {
  running.add(stop);
  try {
    return await work();
  } finally {
    running.delete(stop);
    await stop();
  }
}

/** Runs the load program and gives what it printed. */
function load(program, place, args) {
  const [first, ...rest] = pinned(place);
  const child = spawn(first, [...rest, program, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((done, failed) => {
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.on('error', failed);
    child.on('close', (code) => {
      if (code === 0) done(JSON.parse(out));
      else failed(new Error(errors.trim() || 'the load program was ended'));
    });
  });
  return during(
    async () => void child.kill('SIGKILL'),
    () => ended,
  );
}

function tlsFiles() {
  const certificates = makeCertificates(['DNS:localhost', 'IP:127.0.0.1']);
  const folder = dirname(certificates.authority);
  return {
    authority: certificates.authority,
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
    remove: certificates.remove,
  };
}

async function measureSubject(options, program, scenario, name, provider) {
  const { edge, edgeArguments, proxyPlace, loadPlace } = options;
  const settings = { place: proxyPlace, provider, edge, edgeArguments };
  const subject = await startSubject(name, settings);
  return during(subject.stop, async () => {
    await subject.ready();
    const ends = ['--provider-port', provider.port, '--face', subjects[name].face];
    if (subject.port) ends.push('--target', subject.port);
    // The readers speak no TLS, so straight to the provider it is left out.
    if (subject.port && provider.tls) {
      ends.push('--certificate', provider.tls.certificate, '--key', provider.tls.key);
    }
    const warmUp = ['--deltas', 1, '--again', '--settle', 0, '--seconds', 0.2];
    await load(program, loadPlace, [...ends, ...warmUp]);
    const watched = subject.port ? ['--proxy', subject.processes().join(',')] : [];
    const rest = ['--seconds', options.seconds || scenario.seconds];
    if (options.awake) rest.push('--awake');
    return load(program, loadPlace, [...ends, ...scenario.load, ...rest, ...watched]);
  });
}

/** What the load program printed of one run. `options`: as run.mjs reads them. */
export async function measure(options, program, scenario, name) {
  const port = await freePort();
  if (!scenario.tls) return measureSubject(options, program, scenario, name, { port });
  const tls = tlsFiles();
  return during(
    async () => tls.remove(),
    () => measureSubject(options, program, scenario, name, { port, tls }),
  );
}
