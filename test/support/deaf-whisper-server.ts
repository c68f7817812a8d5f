import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

/** Stands in for a whisper-server that hears nothing, whatever is said: same command line, same API. */
const { values } = parseArgs({
  options: { host: { type: 'string' }, port: { type: 'string' }, 'inference-path': { type: 'string' } },
  strict: false,
});

createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const body = request.url === values['inference-path'] ? { text: '', segments: [], language: 'english' } : {};
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
}).listen(Number(values.port), String(values.host));
