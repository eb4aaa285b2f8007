/**
 * Ends the output of a test run with one line that people and programs read: `N passed, N failed`, and `, N skipped` if any. A
 * file that could not be loaded and an error outside any test count as failed: such a run is never shown as clean.
 */
export function totals(modules, unhandledErrors) {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      counts[state === 'pending' ? 'skipped' : state] += 1;
    }
    counts.failed += [module, ...module.children.allSuites()].reduce((sum, suite) => sum + suite.errors().length, 0);
  }
  return counts;
}

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const { passed, failed, skipped } = totals(modules, unhandledErrors);
    const line = `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`;
    // Other reporters write at this moment too; this line is written once the process has nothing else to say.
    process.once('exit', () => process.stdout.write(line));
  }
}
