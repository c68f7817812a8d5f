import { delimiter } from 'node:path';
import { cliConfigSchema } from '#shared/config/cli';
import { loadConfig } from '#shared/config/load';
import { checkComponents } from '../doctor/check-components.ts';
import { formatReport } from '../doctor/format-report.ts';
import { findPaths } from '../paths.ts';

/** `podline doctor`: every component, its version and whether it works. Ends with 1 when something does not. */
export async function doctor(options: { json?: boolean }): Promise<number> {
  const { root, state } = findPaths();
  const { PATH, PODLINE_WHISPER_SERVER } = loadConfig(cliConfigSchema);
  const reports = await checkComponents({
    root,
    dataFolder: state,
    searchFolders: PATH.split(delimiter),
    whisperServer: PODLINE_WHISPER_SERVER,
  });
  console.log(options.json ? JSON.stringify(reports, undefined, 2) : formatReport(reports));
  return reports.every((report) => report.status === 'ok') ? 0 : 1;
}
