/** What the feed says about the show and its one episode. */
export interface Feed {
  show: string;
  author: string;
  showDescription: string;
  /** Where the feed and its files would be served; without a slash at the end. */
  site: string;
  /** UUID version 5 of the feed's address without its scheme, in the podcast namespace. */
  podcastGuid: string;
  episode: {
    title: string;
    description: string;
    guid: string;
    published: Date;
    file: string;
    bytes: number;
    seconds: number;
    people: readonly { name: string; role: string }[];
  };
}

/** An RSS 2.0 document with the iTunes and podcast namespaces. The same input gives the same bytes. */
export function feedXml({ show, author, showDescription, site, podcastGuid, episode }: Feed): string {
  const people = episode.people.map(
    ({ name, role }) => `      <podcast:person role="${escaped(role)}">${escaped(name)}</podcast:person>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- podline.example stands for wherever these files are served from; podline puts that address in its place. -->
<rss version="2.0"
  xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0">
  <channel>
    <title>${escaped(show)}</title>
    <link>${site}/</link>
    <atom:link href="${site}/feed.xml" rel="self" type="application/rss+xml"/>
    <description>${escaped(showDescription)}</description>
    <language>en</language>
    <pubDate>${episode.published.toUTCString()}</pubDate>
    <itunes:author>${escaped(author)}</itunes:author>
    <itunes:category text="Education"/>
    <itunes:explicit>false</itunes:explicit>
    <itunes:type>episodic</itunes:type>
    <podcast:guid>${podcastGuid}</podcast:guid>
    <podcast:medium>podcast</podcast:medium>
    <item>
      <title>${escaped(episode.title)}</title>
      <description>${escaped(episode.description)}</description>
      <guid isPermaLink="false">${escaped(episode.guid)}</guid>
      <pubDate>${episode.published.toUTCString()}</pubDate>
      <enclosure url="${site}/${episode.file}" length="${episode.bytes}" type="audio/mpeg"/>
      <itunes:duration>${Math.round(episode.seconds)}</itunes:duration>
      <itunes:episode>1</itunes:episode>
      <itunes:episodeType>full</itunes:episodeType>
      <itunes:explicit>false</itunes:explicit>
${people.join('\n')}
    </item>
  </channel>
</rss>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
