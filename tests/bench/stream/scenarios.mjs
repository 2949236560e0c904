// What is measured: for each scenario the load program's arguments and the figures that follow from
// what it prints.

const added = (field) => (run, direct) => run[field] - direct[field];
/** A difference to the direct run, shown with the absolute figure. */
const addition = (title, field) => ({ title, unit: 'us', of: added(field), absolute: field });

const cpu = {
  title: 'CPU',
  unit: 's per million deltas',
  of: (run) => (run.proxy_cpu_seconds / run.deltas) * 1e6,
};
const cpuOfRequests = {
  title: 'CPU',
  unit: 'us a request',
  of: (run) => (run.proxy_cpu_seconds / run.answers) * 1e6,
};
const memory = {
  title: 'memory',
  unit: 'KB a stream',
  of: (run) => (run.live_kb - run.idle_kb) / run.streams,
};
const wireBytes = {
  title: 'to the reader',
  unit: 'bytes a delta',
  of: (run) => run.bytes / run.deltas,
};
const throughput = {
  title: 'throughput',
  unit: 'million deltas/s',
  of: (run) => run.deltas / run.seconds / 1e6,
};

const pacedLoad = ['--streams', 1000, '--rate', 25];
const requestLoad = ['--streams', 1, '--deltas', 1, '--again'];

/**
 * `load`: the load program's arguments. `figures`: title, unit, and the value from a subject's run and
 * the direct run beside it; `absolute`: of a difference to direct, the field it is taken from. `paced`:
 * deltas are to leave the provider on time, so the load program must have time left. `tls`: to the
 * provider. `optional`: runs only when named.
 */
export const scenarios = {
  paced: {
    title: '1,000 streams x 25 deltas/s',
    load: pacedLoad,
    seconds: 15,
    paced: true,
    figures: [
      cpu,
      addition('added p50', 'delta_p50'),
      addition('added p99', 'delta_p99'),
      wireBytes,
    ],
  },
  bulk: {
    title: 'saturation, 16 streams, 16 deltas a provider write',
    load: ['--streams', 16, '--batch', 16],
    seconds: 5,
    figures: [cpu, throughput],
  },
  memory: {
    title: '5,000 streams x 1 delta/s',
    load: ['--streams', 5000, '--rate', 1, '--starts', 500, '--settle', 2],
    seconds: 10,
    paced: true,
    figures: [memory],
  },
  first: {
    title: 'first delta, one request after another',
    load: [...requestLoad, '--pause', 0.001],
    seconds: 5,
    paced: true,
    figures: [addition('added p50', 'first_p50'), addition('added p99', 'first_p99')],
  },
  requests: {
    title: 'requests of one delta, one after another',
    load: requestLoad,
    seconds: 5,
    figures: [cpuOfRequests],
  },
  'tls-paced': {
    title: 'TLS to the provider, 1,000 streams x 25 deltas/s',
    load: [...pacedLoad, '--starts', 250],
    seconds: 15,
    paced: true,
    tls: true,
    optional: true,
    figures: [cpu, addition('added p50', 'delta_p50'), addition('added p99', 'delta_p99')],
  },
  'tls-requests': {
    title: 'TLS to the provider, requests of one delta, one after another',
    load: requestLoad,
    seconds: 5,
    tls: true,
    optional: true,
    figures: [cpuOfRequests, { title: 'first delta p50', unit: 'us', of: (run) => run.first_p50 }],
  },
  cuts: {
    title: 'the provider drops 100 streams, one after another',
    load: ['--streams', 100, '--rate', 10, '--drop-after', 20, '--starts', 50],
    seconds: 4,
    optional: true,
    figures: [
      { title: 'readers know after, p50', unit: 'us', of: (run) => run.cut_known_p50 },
      { title: 'readers know after, longest', unit: 'us', of: (run) => run.cut_known_max },
      { title: 'told by a typed event', unit: 'streams', of: (run) => run.typed_cuts },
    ],
  },
};
export const standardScenarios = Object.keys(scenarios).filter((name) => !scenarios[name].optional);

/** Some figure is a difference to the load straight to the provider. */
export function needsDirect(scenario) {
  return scenario.figures.some(({ absolute }) => absolute);
}

const limits = {
  loadShare: 0.95, // of its core: above, the load program itself delays deltas
  lateness: 3000, // us, p99: above, the deltas are not those of the scenario
  others: 0.15, // of a core used by other programs; interrupts alone take up to 0.1
  stolen: 0.03, // of a core taken by the hypervisor
};

/** Why a run's figures are not to be used. */
export function faultsOf(scenario, run) {
  const faults = [];
  if (run.trouble) faults.push(run.trouble);
  if (run.failures > 0) faults.push(`${run.failures} streams failed`);
  if (run.deltas === 0) faults.push('no deltas arrived');
  if (scenario.paced && run.load_cpu_share > limits.loadShare) {
    faults.push(`the load program used ${percent(run.load_cpu_share)} of its core`);
  }
  if (scenario.paced && run.late_p99 > limits.lateness) {
    faults.push(`deltas left the provider ${(run.late_p99 / 1000).toFixed(1)} ms late (p99)`);
  }
  return faults;
}

/** What makes a run's figures doubtful: others at work on its cores. */
export function disturbancesOf(run, isDirect) {
  const found = [];
  if (!isDirect && run.others_on_proxy_core > limits.others) {
    found.push(`others used ${percent(run.others_on_proxy_core)} of the proxy's core`);
  }
  if (run.others_on_load_core > limits.others) {
    found.push(`others used ${percent(run.others_on_load_core)} of the load's core`);
  }
  if (run.stolen > limits.stolen) found.push(`${percent(run.stolen)} of a core was stolen`);
  return found;
}

function percent(part) {
  return `${Math.round(part * 100)} %`;
}
