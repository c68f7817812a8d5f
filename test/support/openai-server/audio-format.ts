/** Containers the real API takes, told by their first bytes, never by the file's name. */
export type AudioFormat = 'wav' | 'flac' | 'ogg' | 'mp3' | 'mp4' | 'webm';

export function sniffFormat(bytes: Buffer): AudioFormat | undefined {
  const ascii = (start: number, end: number): string => bytes.toString('latin1', start, end);
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WAVE') return 'wav';
  if (ascii(0, 4) === 'fLaC') return 'flac';
  if (ascii(0, 4) === 'OggS') return 'ogg';
  if (ascii(4, 8) === 'ftyp') return 'mp4';
  if (bytes.subarray(0, 4).equals(Buffer.from([0x1a, 0x45, 0xdf, 0xa3]))) return 'webm';
  // MPEG audio: an ID3 tag, or a frame's eleven sync bits with a layer that exists.
  if (ascii(0, 3) === 'ID3') return 'mp3';
  const [first = 0, second = 0] = bytes;
  if (first === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) !== 0) return 'mp3';
  return undefined;
}
