import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { boundToParent } from '#shared/process/bound-to-parent';
import type { S3Settings } from '#shared/storage/s3-settings';
import { freePort } from './free-port.ts';

/** Why `startS3Server` cannot be used; fit for the title of a skipped test. */
export const NO_S3_SERVER = 'needs Ceph: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd';

export const hasS3Server = ['radosgw', 'ceph-mon', 'ceph-osd'].every((name) => existsSync(`/usr/bin/${name}`));

/** Longest time a command may take, or the gateway until it answers. */
const STEP_MS = 60_000;
/** Now and then the command that makes the gateway's user does not come back: all begins anew then. */
const STARTS = 3;
const POLL_MS = 200;
const CREDENTIALS = { accessKeyId: 'AKIDPODLINETEST', secretAccessKey: 'secret-of-the-test-server' };

export interface S3Server {
  settings: S3Settings;
  stop: () => Promise<void>;
}

/**
 * A real S3 server, Ceph's RADOS gateway, over a monitor and one object store in memory, all on 127.0.0.1. They die with
 * this process.
 * @param address Where the gateway alone may listen elsewhere.
 */
export async function startS3Server(address = '127.0.0.1'): Promise<S3Server> {
  for (let start = 1; ; start++) {
    try {
      return await startOnce(address);
    } catch (error) {
      if (start === STARTS) throw error;
    }
  }
}

async function startOnce(address: string): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'podline-s3-'));
  const config = join(folder, 'ceph.conf');
  const [monitor, gateway] = [await freePort(), await freePort()];
  const id = randomUUID();
  for (const name of ['mon', 'osd', 'rgw']) await mkdir(join(folder, name));
  await writeFile(config, configText(folder, id, monitor, `${address}:${gateway}`));

  const run = (command: string, ...args: string[]) =>
    execa(command, ['-c', config, ...args], { timeout: STEP_MS, stdin: 'ignore' });
  const daemons: ReturnType<typeof daemon>[] = [];
  const stop = async (): Promise<void> => {
    for (const child of daemons.toReversed()) child.kill('SIGKILL');
    await Promise.all(daemons);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const map = join(folder, 'monmap');
    await execa('monmaptool', ['--create', '--addv', 'a', `[v1:127.0.0.1:${monitor}]`, '--fsid', id, map]);
    await run('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
    daemons.push(daemon('ceph-mon', ['-c', config, '-i', 'a', '-f']));
    const store = randomUUID();
    await run('ceph', '--connect-timeout', '30', 'osd', 'new', store);
    await run('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', store);
    daemons.push(daemon('ceph-osd', ['-c', config, '-i', '0', '-f']));
    const user = ['--uid=podline', '--display-name=podline'];
    const { accessKeyId, secretAccessKey } = CREDENTIALS;
    await run('radosgw-admin', 'user', 'create', ...user, '--access-key', accessKeyId, '--secret-key', secretAccessKey);
    daemons.push(daemon('radosgw', ['-c', config, '-n', 'client.rgw', '-f']));
    const endpoint = `http://127.0.0.1:${gateway}`;
    await untilAnswering(endpoint);
    const settings = { endpoint, region: 'us-east-1', bucket: 'podline-test', prefix: 'test/', forcePathStyle: true };
    return { settings: { ...settings, credentials: CREDENTIALS }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function daemon(command: string, args: readonly string[]) {
  const [file, all] = boundToParent(command, args);
  return execa(file, all, { stdio: 'ignore', reject: false });
}

async function untilAnswering(url: string): Promise<void> {
  const until = Date.now() + STEP_MS;
  for (;;) {
    const answers = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) return;
    if (Date.now() > until) throw new Error(`radosgw did not answer at ${url} within ${STEP_MS / 1000} s.`);
    await delay(POLL_MS);
  }
}

/** One copy of everything, no authentication among the daemons, nothing outside the folder. */
function configText(folder: string, id: string, monitor: number, gateway: string): string {
  return `
[global]
fsid = ${id}
mon host = [v1:127.0.0.1:${monitor}]
mon initial members = a
public addr = 127.0.0.1
ms bind msgr2 = false
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail crit = 0
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
run dir = ${folder}
admin socket = ${folder}/$name.asok
log file = ${folder}/$name.log
mon data = ${folder}/mon
osd data = ${folder}/osd
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=${gateway}
`;
}
