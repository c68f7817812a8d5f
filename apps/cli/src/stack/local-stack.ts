import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliConfig } from '#shared/config/cli';
import type { Paths } from '../paths.ts';
import { type ExampleServer, serveExamples } from './example-server.ts';
import { type NatsProcess, startNats } from './nats-process.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import { serviceEnvironment } from './service-environment.ts';
import { type ServiceProcess, startService } from './service-process.ts';

export const SERVICES = ['downloader', 'transcriber-whisper', 'transcriber-openai', 'summarizer', 'caretaker'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** NATS, the services and the server of the sample episode, on this machine. Ended in reverse order. */
export class LocalStack {
  readonly #paths: Paths;
  readonly #config: CliConfig;
  #nats: NatsProcess | undefined;
  #examples: ExampleServer | undefined;
  readonly #services = new Map<string, ServiceProcess>();
  readonly #starting: Promise<ServiceProcess>[] = [];
  readonly #stop = new AbortController();
  readonly #stopping: AbortSignal;

  /** @param interrupted ends what is starting; `stop` is to be called all the same. */
  constructor(paths: Paths, config: CliConfig, interrupted: AbortSignal) {
    this.#paths = paths;
    this.#config = config;
    this.#stopping = AbortSignal.any([interrupted, this.#stop.signal]);
  }

  get natsUrl(): string {
    if (!this.#nats) throw new Error('NATS has not been started.');
    return this.#nats.url;
  }

  get exampleOrigin(): string {
    if (!this.#examples) throw new Error('The example server has not been started.');
    return this.#examples.origin;
  }

  get stopping(): boolean {
    return this.#stopping.aborted;
  }

  async startNats(): Promise<string> {
    await mkdir(join(this.#paths.state, 'logs'), { recursive: true });
    this.#nats = await startNats(this.#paths.state);
    this.#examples = await serveExamples(this.#paths.examples);
    return this.#nats.url;
  }

  async startService(name: ServiceName): Promise<string> {
    const starting = startService({
      name,
      signal: this.#stopping,
      root: this.#paths.root,
      logs: join(this.#paths.state, 'logs'),
      env: serviceEnvironment(this.#config, {
        natsUrl: this.natsUrl,
        models: this.#paths.models,
        exampleOrigin: this.exampleOrigin,
      }),
    });
    this.#starting.push(starting);
    const service = await starting;
    this.#services.set(name, service);
    return service.url;
  }

  /** Called once everything runs: other commands find the stack by this file. */
  async announce(): Promise<void> {
    const services = Object.fromEntries([...this.#services].map(([name, service]) => [name, service.url]));
    await writeRunFile(this.#paths.state, { pid: process.pid, natsUrl: this.natsUrl, services });
  }

  /** Resolves with the name of the first process that ends although nobody stopped it. */
  async firstDeath(): Promise<string> {
    const processes = [
      ...this.#services.values(),
      ...(this.#nats ? [{ name: 'nats-server', ended: this.#nats.ended }] : []),
    ];
    return Promise.race(
      processes.map(async ({ name, ended }) => {
        await ended;
        return this.stopping ? new Promise<never>(() => undefined) : name;
      }),
    );
  }

  /** Ends all of it, what is still starting too. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#starting);
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
    await this.#examples?.close();
    await this.#nats?.stop();
    await removeRunFile(this.#paths.state);
  }
}
