import { aptInstall, usableApt } from './apt.mjs';
import { inspectTools, packagesFor } from './system-tools.mjs';

/**
 * Finds the tools only some tests need, and installs with apt what is not there, where that is possible. What stays missing
 * is told and fails nothing: the tests that need it say that they were skipped.
 * @param {Record<string, import('./requirements.mjs').Tool>} tools
 * @param {import('./context.mjs').SetupContext} context
 */
export async function ensureTestTools(tools, context) {
  const { reporter, folders, env, signal } = context;
  const packages = packagesFor(await inspectTools(tools, folders));
  const apt = packages.length > 0 ? await usableApt({ ...context.machine, folders }) : undefined;
  if (apt !== undefined && !signal.aborted) {
    const step = reporter.start('packages for tests');
    await aptInstall(apt, packages, { env, progress: step.progress });
    step.done(packages.join(', '), true);
  }
  for (const [name, { report }] of Object.entries(await inspectTools(tools, folders))) {
    const found = report.status === 'ok' && report.path !== undefined;
    reporter.start(name).done(found ? `${report.version ?? ''}, ${report.path}` : 'not there: its tests are skipped');
  }
}
