// Reads Chromium's trace of a page:
// https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (Trace Event Format).

/** Of the trace's microseconds. */
const MS = 1000;

/** The longest task of the page's own thread: milliseconds by the clock, and of the CPU. */
export function longestTask({ traceEvents }) {
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && /RunTask$/.test(name) && threads.has(`${pid} ${tid}`),
  );
  if (tasks.length === 0) throw new Error('The trace has no tasks: Chromium names them otherwise.');
  const longest = (of) => Math.max(...tasks.map((task) => (task[of] ?? 0) / MS));
  return { ms: longest('dur'), cpu: longest('tdur') };
}
