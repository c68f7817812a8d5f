const OLDEST = 20;

/** Ends the process with a clear line on a Node too old for these scripts, before anything newer is imported. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= OLDEST) return;
  process.stderr.write(
    `This is Node ${process.versions.node}; podline's set-up needs Node ${OLDEST} or newer: https://nodejs.org/en/download\n`,
  );
  process.exit(1);
}
