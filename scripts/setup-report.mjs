// For `podline doctor`: prints as JSON what the set-up is responsible for and how it does. Takes one argument, the
// options of `report` as JSON.
import { report } from './setup/report.mjs';

process.stdout.write(`${JSON.stringify(await report(JSON.parse(process.argv[2] ?? '{}')))}\n`);
