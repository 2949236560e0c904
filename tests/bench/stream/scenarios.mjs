// What is measured: for each scenario the load program's arguments and the figures that follow from
// what it prints.

const perMillion = (run) => (run.proxy_cpu_seconds / run.deltas) * 1e6;
const added = (field) => (run, direct) => run[field] - direct[field];

/**
 * `figures`: title, unit, and the value from a subject's run and the direct run beside it. `absolute`:
 * of a difference to direct, the field it is taken from. `paced`: deltas are to leave the provider on
 * time, so the load program must have time left.
 */
export const scenarios = {
  paced: {
    title: '1,000 streams x 25 deltas/s',
    load: ['--streams', 1000, '--rate', 25],
    seconds: 15,
    paced: true,
    figures: [
      { title: 'CPU', unit: 's per million deltas', of: perMillion },
      { title: 'added p50', unit: 'us', of: added('delta_p50'), absolute: 'delta_p50' },
      { title: 'added p99', unit: 'us', of: added('delta_p99'), absolute: 'delta_p99' },
    ],
  },
  bulk: {
    title: 'saturation, 16 streams, 16 deltas a provider write',
    load: ['--streams', 16, '--batch', 16],
    seconds: 5,
    figures: [
      { title: 'CPU', unit: 's per million deltas', of: perMillion },
      {
        title: 'deltas',
        unit: 'million/s',
        of: (run) => run.deltas / run.seconds / 1e6,
        more: true,
      },
    ],
  },
  first: {
    title: 'first delta, one request after another',
    load: ['--streams', 1, '--deltas', 1, '--again', '--pause', 0.001],
    seconds: 5,
    paced: true,
    figures: [
      { title: 'added p50', unit: 'us', of: added('first_p50'), absolute: 'first_p50' },
      { title: 'added p99', unit: 'us', of: added('first_p99'), absolute: 'first_p99' },
    ],
  },
  requests: {
    title: 'short requests, one delta each, one after another',
    load: ['--streams', 1, '--deltas', 1, '--again'],
    seconds: 5,
    figures: [
      {
        title: 'CPU',
        unit: 'us a request',
        of: (run) => (run.proxy_cpu_seconds / run.answers) * 1e6,
      },
      { title: 'first delta p50', unit: 'us', of: (run) => run.first_p50 },
    ],
  },
};

const limits = {
  loadShare: 0.9, // of its core: above, the load program itself delays deltas
  lateness: 5000, // us, p99: above, the deltas are not those of the scenario
  others: 0.05, // of a core used by other programs
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
