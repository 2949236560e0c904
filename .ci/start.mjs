// npm start [-- --repo DIR] [--listen HOST:PORT] [--provider NAME] [--model NAME]
// Sets up, builds, makes a pack of a repository and serves it with the page until Ctrl-C.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from './build.mjs';
import { root, run } from './steps.mjs';

const usage = `usage: npm start [-- [--repo DIR] [--listen HOST:PORT] [--provider NAME] [--model NAME]]

  --repo DIR          the repository to ask about (default: this one)
  --listen HOST:PORT  where to serve (default: 127.0.0.1:8787; port 0 picks one)
  --provider NAME     who answers (default: the first one configured, else extract)
  --model NAME        the provider's model`;

function readOptions() {
  const string = { type: 'string' };
  try {
    const { values } = parseArgs({
      options: {
        repo: string,
        listen: string,
        provider: string,
        model: string,
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    // npm runs us in the repository's root; a relative folder is meant from where the person stands.
    const repository = values.repo ? resolve(process.env.INIT_CWD ?? '.', values.repo) : root;
    if (!statSync(repository, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`--repo: ${repository} is not a folder`);
    }
    return { ...values, repository };
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

/** The folder served as packs holds this repository's pack alone. */
async function makePack(repository) {
  const name = basename(repository) || 'repository';
  const digest = createHash('sha256').update(repository).digest('hex').slice(0, 12);
  const folder = join(root, 'build', 'packs', digest);
  const file = `${name.replace(/[^\w.-]+/g, '-')}.weir`;
  mkdirSync(folder, { recursive: true });
  const ours = [file, `${file}.forward`]; // by which it is indexed again in less time
  for (const other of readdirSync(folder))
    if (!ours.includes(other)) rmSync(join(folder, other), { force: true });
  process.stdout.write(`Indexing ${repository}\n`);
  await run(join(root, 'dist/bin/weir'), ['index', repository, '-o', join(folder, file)]);
  return folder;
}

function serve(options, packs) {
  const args = [
    '--listen',
    options.listen ?? '127.0.0.1:8787',
    '--site',
    join(root, 'dist/site'),
    '--packs',
    packs,
  ];
  for (const name of ['provider', 'model'])
    if (options[name]) args.push(`--${name}`, options[name]);
  const edge = spawn(join(root, 'dist/bin/weir-edge'), args, {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let asked = false;
  // Ctrl-C reaches the edge by itself (same process group); a kill of ours is passed on.
  process.on('SIGINT', () => (asked = true));
  process.on('SIGTERM', () => {
    asked = true;
    edge.kill('SIGTERM');
  });
  edge.stdout.setEncoding('utf8').on('data', (text) => {
    const address = /listening on (\S+)/.exec(text)?.[1];
    if (address)
      process.stdout.write(`\nWeir is ready: open ${address} in a browser. Ctrl-C ends it.\n`);
  });
  edge.on('error', (error) => {
    console.error(`The edge did not start: ${error.message}`);
    process.exitCode = 1;
  });
  edge.on('exit', (code) => (process.exitCode = asked ? 0 : (code ?? 1)));
}

const options = readOptions();
try {
  await run('bash', ['.ci/setup']);
  await buildAll();
  serve(options, await makePack(options.repository));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
