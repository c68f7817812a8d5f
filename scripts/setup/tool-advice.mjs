/**
 * One line on a tool that is not there or does not do: what is wrong and what to install.
 * @param {string} name
 * @param {import('./requirements.mjs').Tool} tool
 * @param {import('./find-tool.mjs').ToolReport} report
 * @returns {string}
 */
export function describeProblem(name, tool, report) {
  return `${problem(name, tool, report)} Install it: ${howToInstall(tool)}`;
}

/** @param {import('./requirements.mjs').Tool} tool */
export function howToInstall(tool) {
  return `Debian/Ubuntu: sudo apt-get install ${tool.apt}; macOS: brew install ${tool.brew}; or ${tool.url}`;
}

/**
 * @param {string} name
 * @param {import('./requirements.mjs').Tool} tool
 * @param {import('./find-tool.mjs').ToolReport} report
 */
function problem(name, tool, report) {
  if (report.status === 'missing') return `${name} is not installed.`;
  if (report.status === 'broken') return `${report.path} does not run.`;
  return `${report.path} is ${report.version}, and ${tool.minimum} or newer is needed.`;
}
