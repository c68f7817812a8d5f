import { describe, expect, test } from '@jest/globals';
import { refuseText } from './sniff.ts';

const look = (text: string | Uint8Array, contentType?: string) => (): void =>
  refuseText(typeof text === 'string' ? Buffer.from(text) : text, contentType, 'https://example.com/a.mp3');

describe('refuseText', () => {
  test.each([
    ['<!DOCTYPE html><title>Not found</title>', 'an HTML page'],
    ['\ufeff\n\n  <html lang="de"><body>Sorry</body>', 'an HTML page'],
    ['<?xml version="1.0"?>\n<rss version="2.0"><channel>', 'a feed (publish the URL of its audio instead)'],
    ['<feed xmlns="http://www.w3.org/2005/Atom">', 'a feed'],
    ['<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'an XML document'],
    ['{"error":"not found"}', 'JSON'],
    ['[]', 'JSON'],
    ['#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd', 'a playlist'],
    ['ffconcat version 1.0\nfile /etc/passwd', 'a playlist'],
    [`<!DOCTYPE html>${'ä'.repeat(600)}`, 'an HTML page'],
    [Buffer.from('<html><body>Schöne Grüße', 'latin1'), 'an HTML page'],
  ])('refuses %j whatever its content type says', (text, what) => {
    expect(look(text, 'audio/mpeg')).toThrow(`https://example.com/a.mp3 gave ${what}`);
  });

  test('refuses other text only when it is called text, and names the type', () => {
    expect(look('Gone fishing.', 'text/plain')).toThrow('gave text instead of audio (content type text/plain)');
    expect(look('Gone fishing.', 'application/octet-stream')).not.toThrow();
  });

  test.each([
    ['an MP3 frame', [0xff, 0xfb, 0x90, 0x00, 0x00, 0x01]],
    ['an ID3 tag', [0x49, 0x44, 0x33, 0x04, 0x00, 0x00, 0x00]],
    ['an Ogg page', [...Buffer.from('OggS'), 0x00, 0x02]],
    ['a WAV file', [...Buffer.from('RIFF'), 0x24, 0x00, 0x00, 0x00]],
  ])('lets %s through, even when the server calls it text', (_name, bytes) => {
    expect(look(Uint8Array.from(bytes), 'text/html')).not.toThrow();
  });
});
