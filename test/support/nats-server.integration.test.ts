import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { connectNats } from '#shared/jetstream/connect';
import { newNatsServerBinary, NO_NEW_NATS_SERVER } from './new-nats-server.ts';
import { startNatsServer } from './nats-server.ts';

const newBinary = await newNatsServerBinary();

describe('a nats-server for tests', () => {
  test('keeps ports and store over a kill and a restart, and leaves nothing when it stops', async () => {
    const server = await startNatsServer();
    const { url, pid, storeDir } = server;
    await storeSomething(url);
    await server.kill('SIGKILL');
    await server.restart();
    expect(server.url).toBe(url);
    expect(server.pid).not.toBe(pid);
    expect(await countStored(url)).toBe(1);
    await server.stop();
    expect(existsSync(storeDir)).toBe(false);
  });

  test('leaves a store that it was given', async () => {
    const storeDir = await mkdtemp(join(tmpdir(), 'podline-store-'));
    for (const expected of [1, 2]) {
      const server = await startNatsServer({ storeDir });
      await storeSomething(server.url);
      expect(await countStored(server.url)).toBe(expected);
      await server.kill('SIGTERM');
      await server.stop();
    }
    await rm(storeDir, { recursive: true });
  });

  test('says what the server said when it does not start', async () => {
    await expect(startNatsServer({ extraConfig: 'no_such_option: 1' })).rejects.toThrow(
      /did not come up.*no_such_option/s,
    );
    await expect(startNatsServer({ binary: '/no/such/binary' })).rejects.toThrow(/\/no\/such\/binary/);
  });

  test('dies with the process that started it, however that dies', async () => {
    const script = `
      const { startNatsServer } = await import(${JSON.stringify(new URL('nats-server.ts', import.meta.url).href)});
      const { monitorPort, storeDir } = await startNatsServer();
      console.log(JSON.stringify({ monitorPort, storeDir }));
    `;
    const parent = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false });
    for await (const line of parent) {
      const { monitorPort, storeDir }: { monitorPort: number; storeDir: string } = JSON.parse(line);
      expect((await fetch(`http://127.0.0.1:${monitorPort}/healthz`)).ok).toBe(true);
      parent.kill('SIGKILL');
      while (await answers(monitorPort));
      await rm(join(storeDir, '..'), { recursive: true });
    }
  });

  (newBinary === undefined ? test.skip : test)(
    `can be a current one${newBinary === undefined ? ` (${NO_NEW_NATS_SERVER})` : ''}`,
    async () => {
      const server = await startNatsServer({ binary: newBinary });
      const connection = await connectNats({ NATS_URL: server.url }, 'test');
      expect(connection.info?.version).toMatch(/^2\.(1[2-9]|[2-9]\d)\./);
      await connection.close();
      await server.stop();
    },
  );
});

async function storeSomething(url: string): Promise<void> {
  const connection = await connectNats({ NATS_URL: url }, 'test');
  const jsm = await connection.jetstreamManager();
  await jsm.streams.add({ name: 'KEPT', subjects: ['kept'] });
  await connection.jetstream().publish('kept', 'something');
  await connection.close();
}

async function countStored(url: string): Promise<number> {
  const connection = await connectNats({ NATS_URL: url }, 'test');
  const { state } = await (await connection.jetstreamManager()).streams.info('KEPT');
  await connection.close();
  return state.messages;
}

async function answers(monitorPort: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${monitorPort}/healthz`).then(
    () => true,
    () => false,
  );
}
