import { delimiter } from 'node:path';
import { cliConfigSchema } from '#shared/config/cli';
import { loadConfig } from '#shared/config/load';
import { checkComponents } from '../doctor/check-components.ts';
import { formatReport } from '../doctor/format-report.ts';
import { tune, tuneLine } from '../doctor/tune.ts';
import { EXIT } from '../exit-codes.ts';
import { findPaths } from '../paths.ts';
import { readRunFile } from '../stack/run-file.ts';

export interface DoctorOptions {
  json?: boolean;
  tune?: boolean;
  model?: string;
  audio?: string;
}

/** `podline doctor`: every component, its version and whether it works. Ends with 1 when something does not. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const paths = findPaths();
  const { root, state } = paths;
  const { PATH, PODLINE_WHISPER_SERVER } = loadConfig(cliConfigSchema);
  if (options.tune) {
    const env = PODLINE_WHISPER_SERVER === undefined ? {} : { PODLINE_WHISPER_SERVER };
    for await (const line of tune({ paths, env, model: options.model, audio: options.audio }))
      console.log(options.json ? JSON.stringify(line) : tuneLine(line));
    return EXIT.done;
  }
  const reports = await checkComponents({
    root,
    dataFolder: state,
    searchFolders: PATH.split(delimiter),
    whisperServer: PODLINE_WHISPER_SERVER,
  });
  const run = await readRunFile(state);
  const running = run ? `podline runs here, with NATS at ${run.natsUrl}.` : 'podline does not run here: npm start.';
  console.log(options.json ? JSON.stringify(reports, undefined, 2) : `${formatReport(reports)}\n${running}`);
  return reports.every((report) => report.status === 'ok') ? EXIT.done : EXIT.failed;
}
