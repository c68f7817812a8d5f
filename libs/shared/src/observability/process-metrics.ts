import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { ConnectionMonitor } from '#shared/jetstream/connection-monitor';
import { gauge } from './instruments.ts';

/** Which podline this is, and whether it reaches NATS. */
export function processMetrics(registry: Registry, monitor: Pick<ConnectionMonitor, 'connected'>): void {
  gauge(registry, 'podline_build_info').set({ version: podlineVersion(), node: process.version }, 1);
  gauge(registry, 'podline_nats_connected', (connected) => connected.set(monitor.connected ? 1 : 0));
}

function podlineVersion(): string {
  const path = findPackageJSON('..', import.meta.url);
  if (path === undefined) return 'unknown';
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
