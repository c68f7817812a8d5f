import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { multipart } from './multipart.ts';

/** Read by Node's own reader of forms. */
async function read(...form: Parameters<typeof multipart>): Promise<[string, string | File][]> {
  const { body, contentType } = multipart(...form);
  return [...(await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData())];
}

describe('multipart', () => {
  test('holds the fields in their order, and the file', async () => {
    const fields = [
      ['model', 'whisper-1'],
      ['timestamp_granularities[]', 'word'],
      ['timestamp_granularities[]', 'segment'],
    ] as const;
    const audio = Buffer.from([0, 13, 10, 45, 45, 255]);
    const entries = await read(fields, { name: 'file', fileName: 'chunk 1.flac', audio });
    expect(entries.slice(0, -1)).toEqual(fields);
    const [name, file] = entries.at(-1) as [string, File];
    expect([name, file.name]).toEqual(['file', 'chunk 1.flac']);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(audio);
  });

  test('lets no value, name or file name end its part', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '\r', '\n', '-', ';', ' ', 'é', '漢') });
    await fc.assert(
      fc.asyncProperty(text, text, text, fc.uint8Array(), async (field, value, fileName, audio) => {
        const entries = await read([[`x${field}`, value]], { name: 'file', fileName: `x${fileName}`, audio });
        const [known, file] = [entries[0], entries[1]?.[1] as File];
        expect(known).toEqual([`x${field}`, value]);
        expect(file.name).toBe(`x${fileName}`);
        expect(new Uint8Array(await file.arrayBuffer())).toEqual(audio);
      }),
    );
  });
});
