// The straight line through samples.

/** How much a sample's `value` grows in a unit of its `time`, by least squares. */
export function slope(samples, value) {
  const mean = (pick) => samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const time = mean((sample) => sample.time);
  const middle = mean(value);
  const spread = mean((sample) => (sample.time - time) ** 2);
  return mean((sample) => (sample.time - time) * (value(sample) - middle)) / spread;
}
