/** Fetches one file as the downloader does, and says how long it took and how much memory: `fetch-one URL FILE HOST`. */
import { fetchToFile } from '../../apps/downloader/src/fetch/fetch-to-file.ts';

const [url = '', target = '', host = ''] = process.argv.slice(2);
const started = performance.now();
await fetchToFile(url, target, { maxBytes: 1e9, allowHosts: [host] });
const seconds = (performance.now() - started) / 1000;
process.stdout.write(JSON.stringify({ seconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
