import { randomUUID } from 'node:crypto';

export interface FormFile {
  /** Name of the field. */
  name: string;
  fileName: string;
  audio: Uint8Array;
}

/**
 * A form with one file as the body of a request. The file is copied once.
 * @see https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export function multipart(
  fields: readonly (readonly [name: string, value: string])[],
  { name, fileName, audio }: FormFile,
): { body: Uint8Array; contentType: string } {
  const boundary = `podline-${randomUUID()}`;
  const part = (field: string): string => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(field)}"`;
  const head = fields.map(([field, value]) => `${part(field)}\r\n\r\n${value}\r\n`).join('');
  const file = `${part(name)}; filename="${quoted(fileName)}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head + file), audio, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { body, contentType: `multipart/form-data; boundary=${boundary}` };
}

function quoted(text: string): string {
  return text.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}
