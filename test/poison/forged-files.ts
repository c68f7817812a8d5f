import { gzipSync } from 'node:zlib';
import { body, type MediaRoute } from '../support/media-server.ts';

const MIB = 1024 ** 2;

/** Downloads made to do harm, by name: bombs, playlists, entities, lying and endless headers. */
export function forgedFiles(mp3: Buffer): Record<string, MediaRoute> {
  const asMp3 = (content: string | Buffer): MediaRoute => body(content, 'audio/mpeg');
  const bomb = gzipSync(Buffer.alloc(256 * MIB));
  return {
    'gzip-bomb': (_request, response) =>
      void response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-encoding': 'gzip' }).end(bomb),
    'gzip-file': asMp3(bomb),
    'zip-file': asMp3(Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100_000, 3)])),
    'hls-playlist': asMp3('#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n'),
    'concat-list': asMp3("ffconcat version 1.0\nfile '/etc/passwd'\nfile 'http://127.0.0.1:1/x'\n"),
    'pls-playlist': asMp3('[playlist]\nFile1=file:///etc/passwd\nNumberOfEntries=1\n'),
    'sdp-session': asMp3('v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n'),
    'dash-manifest': asMp3(
      '<?xml version="1.0"?><MPD><Period><AdaptationSet><Representation><BaseURL>file:///etc/passwd</BaseURL></Representation></AdaptationSet></Period></MPD>',
    ),
    'playlist-in-mp3': asMp3(Buffer.concat([mp3.subarray(0, 400), Buffer.from('\n#EXTM3U\nfile:///etc/passwd\n')])),
    'xml-entities': asMp3(billionLaughs('rss')),
    'long-id3-tag': asMp3(Buffer.concat([id3Title('T'.repeat(4 * MIB)), mp3])),
    'ansi-id3-tag': asMp3(Buffer.concat([id3Title('\u001b[2J\u001b]0;owned\u0007 ../../x'), mp3])),
    'endless-id3-tag': asMp3(Buffer.concat([Buffer.from('ID3\u0004\u0000\u0000\u007f\u007f\u007f\u007f'), mp3])),
    'wav-of-4-gib': asMp3(wavHeader(0xffff_fff0, 2, 48_000)),
    'wav-of-65535-channels': asMp3(
      Buffer.concat([wavHeader(100_000, 65_535, 4_000_000_000), Buffer.alloc(100_000, 1)]),
    ),
    'mp4-of-huge-atoms': asMp3(Buffer.from('0000001c6674797069736f6d000002006d6f6f76ffffffff6d6f6f7600000001', 'hex')),
    'long-http-header': (_request, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nX-Long: ${'h'.repeat(MIB)}\r\n\r\n`);
    },
    'lying-length': (_request, response) => {
      response.socket?.end(`HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 99999999999\r\n\r\nID3`);
    },
    'redirect-to-file': (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    'redirect-in-circles': (request, response) => void response.writeHead(302, { location: request.url }).end(),
    'png-picture': asMp3(Buffer.from('89504e470d0a1a0a0000000d49484452ffffffffffffffff0806000000', 'hex')),
  };
}

/** Entities of entities of entities: a billion when they are expanded. */
export function billionLaughs(root: string): string {
  const entities = Array.from({ length: 9 }, (_, level) =>
    `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`.replace('\u0000', ''),
  );
  return `<?xml version="1.0"?><!DOCTYPE ${root} [<!ENTITY l0 "ha">${entities.join('')}<!ENTITY f SYSTEM "file:///etc/passwd">]><${root} version="2.0"><channel><title>&l9;&f;</title><item><title>&l9;</title><enclosure url="https://example.com/a.mp3"/></item></channel></${root}>`;
}

/** An ID3v2.4 tag with this title (id3.org, ID3v2.4.0 structure): sizes have seven bits a byte. */
function id3Title(title: string): Buffer {
  const text = Buffer.concat([Buffer.from([3]), Buffer.from(title)]);
  const frame = Buffer.concat([Buffer.from('TIT2'), synchsafe(text.length), Buffer.from([0, 0]), text]);
  return Buffer.concat([Buffer.from('ID3\u0004\u0000\u0000'), synchsafe(frame.length), frame]);
}

function synchsafe(size: number): Buffer {
  return Buffer.from([21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f));
}

function wavHeader(dataBytes: number, channels: number, rate: number): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(Math.min(0xffff_ffff, dataBytes + 36), 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE((rate * 2) >>> 0, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
