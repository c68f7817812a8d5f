/** Last labels of names that are files, not hosts, in the paths of measurement services: `redirect.mp3`. */
const FILE_ENDING = /\.(mp3|m4a|m4b|mp4|m4v|aac|ogg|oga|opus|wav|flac|mov|webm|php|aspx?|html?|xml|json|cgi|jsp)$/i;
/** A host name as a segment of a path. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/i;
const AUDIO_PATH = /\.(mp3|m4a|m4b|mp4|m4v|aac|ogg|oga|opus|wav|flac|mov|webm)$/i;

/**
 * What of an audio URL says which audio it is: measurement services put themselves before it
 * (`https://pdst.fm/e/chrt.fm/track/1/host.example/a.mp3`), hosts add tokens and change the scheme. So: the innermost host
 * and its path; the query only where the path names no audio file, or where it is asked for.
 */
export function audioIdentity(url: string, withQuery = false): string {
  const parsed = new URL(url);
  const segments = parsed.pathname.split('/');
  let host = parsed.hostname;
  let path = parsed.pathname;
  segments.forEach((segment, index) => {
    // The last segment is the file itself.
    if (index === segments.length - 1 || !HOST.test(segment) || FILE_ENDING.test(segment)) return;
    host = segment;
    path = `/${segments.slice(index + 1).join('/')}`;
  });
  const query = withQuery || !AUDIO_PATH.test(path) ? parsed.search : '';
  return `${host.toLowerCase().replace(/^www\.|\.$/g, '')}${path}${query}`;
}
