import { describe, expect, test } from '@jest/globals';
import { QUIET, startTool, toolEnd } from './media-tool.ts';

describe('a tool’s output', () => {
  test('waits for its reader, also when the tool has ended before', async () => {
    const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=16000:duration=0.5'];
    const tool = startTool('ffmpeg', [...QUIET, '-v', 'error', ...tone, '-f', 's16le', 'pipe:1']);
    await new Promise((resolve) => tool.child.nodeChildProcess.once('exit', resolve));
    let bytes = 0;
    for await (const block of tool.output as AsyncIterable<Uint8Array>) bytes += block.length;
    expect(bytes).toBe(16_000);
    expect(await toolEnd('ffmpeg', tool)).toMatchObject({ exitCode: 0 });
  });
});
