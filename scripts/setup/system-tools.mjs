import { aptInstall, usableApt } from './apt.mjs';
import { inspectTool } from './find-tool.mjs';
import { SetupInterrupted, StepFailed } from './setup-error.mjs';
import { describeProblem } from './tool-advice.mjs';

/**
 * @typedef {import('./requirements.mjs').Tool} Tool
 * @typedef {import('./find-tool.mjs').ToolReport} ToolReport
 * @typedef {Record<string, { tool: Tool, report: ToolReport }>} Inspection
 */

/**
 * @param {Record<string, Tool>} tools
 * @param {readonly string[]} folders
 * @returns {Promise<Inspection>}
 */
export async function inspectTools(tools, folders) {
  const entries = Object.entries(tools).map(
    async ([name, tool]) => /** @type {const} */ ([name, { tool, report: await inspectTool(tool, folders) }]),
  );
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * The Debian packages that bring what is not there, each once. A tool that is too old counts: the package may be newer.
 * @param {Inspection} inspection
 * @returns {string[]}
 */
export function packagesFor(inspection) {
  const lacking = Object.values(inspection).filter(({ report }) => report.status !== 'ok');
  return [...new Set(lacking.map(({ tool }) => tool.apt))];
}

/**
 * Finds the tools, installs with apt what is not there, and tells of each tool in a line.
 * @param {Record<string, Tool>} tools
 * @param {import('./context.mjs').SetupContext} context
 * @returns {Promise<Record<string, string>>} the tools' paths by name
 * @throws StepFailed when one is still not there, which has been told
 */
export async function ensureTools(tools, context) {
  const { reporter, folders, env, signal } = context;
  const before = await inspectTools(tools, folders);
  const packages = packagesFor(before);
  const apt = packages.length > 0 ? await usableApt({ ...context.machine, folders }) : undefined;
  if (apt === undefined) return report(before, before, '', reporter);

  const step = reporter.start('system packages');
  const complaint = await aptInstall(apt, packages, { env, progress: step.progress });
  if (signal.aborted) throw new SetupInterrupted();
  if (complaint === '') step.done(packages.join(', '), true);
  else step.failed(`apt-get install ${packages.join(' ')}: ${complaint.replaceAll('\n', ' ')}`);
  return report(before, await inspectTools(tools, folders), complaint, reporter);
}

/**
 * @param {Inspection} before
 * @param {Inspection} after
 * @param {string} complaint what apt-get said, when it failed
 * @param {import('./reporter.mjs').Reporter} reporter
 */
function report(before, after, complaint, reporter) {
  /** @type {Record<string, string>} */
  const paths = {};
  let failed = false;
  for (const [name, { tool, report }] of Object.entries(after)) {
    const step = reporter.start(name);
    if (report.status === 'ok' && report.path !== undefined) {
      paths[name] = report.path;
      step.done(`${report.version ?? 'development build'}, ${report.path}`, before[name]?.report.status !== 'ok');
    } else {
      failed = true;
      step.failed(`${describeProblem(name, tool, report)}${complaint === '' ? '' : ' (apt-get failed, see above)'}`);
    }
  }
  if (failed) throw new StepFailed();
  return paths;
}
