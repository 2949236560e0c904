// npm run simulate [-- --seeds N] [-- --from N] [-- --seed S]: the simulation in an optimised build, for
// many more seeds than `npm test` runs.
import { run } from '../../.ci/steps.mjs';

const folder = 'build/simulate';
await run('cmake', [
  '-S',
  '.',
  '-B',
  folder,
  '-G',
  'Ninja',
  '-DCMAKE_BUILD_TYPE=Release',
  '--log-level=NOTICE',
]);
await run('cmake', ['--build', folder, '--target', 'simulation']);
const options = process.argv.slice(2);
await run(`${folder}/bin/simulation`, options.length > 0 ? options : ['--seeds', '100000']);
