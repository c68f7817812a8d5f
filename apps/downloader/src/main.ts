import { mkdir } from 'node:fs/promises';
import { downloaderConfigSchema } from '#shared/config/downloader';
import { SECOND } from '#shared/config/defaults';
import { ProgressReporter } from '#shared/jetstream/progress';
import { childMetrics } from '#shared/observability/child-metrics';
import { runService } from '#shared/service/run-service';
import { DownloadMetrics } from './download-metrics.ts';
import { DownloaderModule } from './downloader.module.ts';
import { allowList } from '#shared/http/allow-list';
import { startJanitor } from './janitor.ts';
import { removeStaleFolders } from './work-folder.ts';

await runService({
  name: 'downloader',
  queue: 'download',
  schema: downloaderConfigSchema,
  prepare: async ({ config, log, audio, results, registry }) => {
    childMetrics(registry);
    // A bad entry must stop the start, not the first job.
    allowList(config.DOWNLOAD_ALLOW_HOSTS, 'DOWNLOAD_ALLOW_HOSTS');
    if (config.WORK_DIR !== undefined) await mkdir(config.WORK_DIR, { recursive: true });
    const removed = await removeStaleFolders(config.WORK_DIR);
    if (removed > 0) log.info({ removed }, 'Removed what a killed downloader left behind');
    return startJanitor({ audio, results, log });
  },
  jobs: (config) => ({
    slots: config.DOWNLOAD_CONCURRENCY,
    maxAckPending: config.DOWNLOAD_MAX_ACK_PENDING,
    ceilingMs: config.DOWNLOAD_JOB_SECONDS * SECOND,
  }),
  module: (runtime) =>
    DownloaderModule.with({
      runtime,
      progress: new ProgressReporter(runtime.connection),
      metrics: new DownloadMetrics(runtime.registry),
    }),
  close: async (stopJanitor) => stopJanitor(),
});
