import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/**
 * The instructions this CPU offers, as Linux lists them (`flags` on x86, `Features` on ARM); elsewhere its model. A
 * binary compiled for one such list must not be run on another.
 * @param {string | undefined} cpuinfo text of /proc/cpuinfo
 * @param {string} model
 */
export function describeCpu(cpuinfo, model) {
  const listed = /^(?:flags|Features)\s*:\s*(.+)$/m.exec(cpuinfo ?? '')?.[1];
  return listed === undefined ? model : listed.trim().split(/\s+/).toSorted().join(' ');
}

/** `describeCpu` of this machine. */
export function thisCpu() {
  let cpuinfo;
  try {
    cpuinfo = readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    cpuinfo = undefined;
  }
  return describeCpu(cpuinfo, cpus()[0]?.model ?? 'unknown');
}
