import { Controller, Get, Header, HttpCode, Inject, ServiceUnavailableException } from '@nestjs/common';
import type { Registry } from 'prom-client';

/** What must be true before this replica may be given work; the key is shown when it is not. */
export type ReadinessChecks = Record<string, () => boolean>;

export const READINESS = Symbol('readiness');
export const REGISTRY = Symbol('registry');

/** `/healthz`: the process answers. `/readyz`: it can work. `/metrics`: Prometheus' text format. */
@Controller()
export class HealthController {
  readonly #checks: ReadinessChecks;
  readonly #registry: Registry;

  constructor(@Inject(READINESS) checks: ReadinessChecks, @Inject(REGISTRY) registry: Registry) {
    this.#checks = checks;
    this.#registry = registry;
  }

  @Get('healthz')
  @HttpCode(200)
  healthz(): { status: string } {
    return { status: 'ok' };
  }

  @Get('readyz')
  readyz(): { status: string } {
    const missing = Object.entries(this.#checks)
      .filter(([, check]) => !check())
      .map(([name]) => name);
    if (missing.length > 0) throw new ServiceUnavailableException({ status: 'not ready', missing });
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async metrics(): Promise<string> {
    return this.#registry.metrics();
  }
}
