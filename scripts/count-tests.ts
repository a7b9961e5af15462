import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const reportSchema = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  testResults: v.array(v.object({ status: v.string(), assertionResults: v.array(v.object({ status: v.string() })) })),
});

/**
 * `PASSED FAILED` of a JSON report. A file that could not even load has no failed test, and neither has a run that ended with
 * an unhandled error; each counts as one failure.
 */
function count(report: v.InferOutput<typeof reportSchema>, exitCode: number): string {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  return `${report.numPassedTests} ${failed === 0 && exitCode !== 0 ? 1 : failed}`;
}

const [path = '', exitCode = '0'] = process.argv.slice(2);
console.log(count(v.parse(reportSchema, JSON.parse(readFileSync(path, 'utf8'))), Number(exitCode)));
