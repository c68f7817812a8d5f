import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CliConfig } from '#shared/config/cli';
import type { Paths } from '../paths.ts';
import { type ExampleServer, serveExamples } from './example-server.ts';
import { type NatsProcess, startNats } from './nats-process.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
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
  #stopping = false;

  constructor(paths: Paths, config: CliConfig) {
    this.#paths = paths;
    this.#config = config;
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
    return this.#stopping;
  }

  async startNats(): Promise<string> {
    await mkdir(join(this.#paths.state, 'logs'), { recursive: true });
    this.#nats = await startNats(this.#paths.state);
    this.#examples = await serveExamples(this.#paths.examples);
    return this.#nats.url;
  }

  async startService(name: ServiceName): Promise<string> {
    const service = await startService({
      name,
      root: this.#paths.root,
      logs: join(this.#paths.state, 'logs'),
      env: this.#environment(),
    });
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
        return this.#stopping ? new Promise<never>(() => undefined) : name;
      }),
    );
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
    await this.#examples?.close();
    await this.#nats?.stop();
    await removeRunFile(this.#paths.state);
  }

  #environment(): Record<string, string> {
    const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl, PODLINE_WHISPER_SERVER: whisper } = this.#config;
    const local = this.#config.LOCAL_SUMMARY_BASE_URL !== undefined;
    return {
      NATS_URL: this.natsUrl,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: '0',
      WHISPER_MODELS_DIR: this.#paths.models,
      DOWNLOAD_ALLOW_HOSTS: new URL(this.exampleOrigin).host,
      // Without a key nobody would ever take these jobs: better a clear refusal than an episode that waits for ever.
      ...(key ? { OPENAI_API_KEY: key } : { ALLOWED_PROVIDERS: 'whisper' }),
      ALLOWED_SUMMARY_PROVIDERS: ['extractive', ...(key ? ['openai'] : []), ...(local ? ['local'] : [])].join(','),
      ...(local ? localSummaryOf(this.#config) : {}),
      ...(baseUrl ? { OPENAI_BASE_URL: baseUrl } : {}),
      ...(whisper ? { PODLINE_WHISPER_SERVER: whisper } : {}),
    };
  }
}

/** The settings of the local summary provider that are set. */
function localSummaryOf(config: CliConfig): Record<string, string> {
  const names = [
    'LOCAL_SUMMARY_BASE_URL',
    'LOCAL_SUMMARY_API_KEY',
    'LOCAL_SUMMARY_MODEL',
    'LOCAL_SUMMARY_CONTEXT_TOKENS',
  ] as const;
  return Object.fromEntries(names.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));
}
