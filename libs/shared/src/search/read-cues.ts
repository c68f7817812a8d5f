/** A subtitle of a stored transcript; times in seconds. */
export interface SpokenCue {
  start: number;
  end: number;
  text: string;
}

const TIMES = /^(\d{2,}):(\d\d):(\d\d\.\d{3}) --> (\d{2,}):(\d\d):(\d\d\.\d{3})$/;
const SIGNS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** Reads WebVTT as `toVtt` writes it. What is not a cue in that form is left out. */
export function readCues(vtt: string): SpokenCue[] {
  return vtt.split('\n\n').flatMap((block) => {
    const [first = '', ...lines] = block.trim().split('\n');
    const times = TIMES.exec(first);
    if (!times) return [];
    const [, fromHours, fromMinutes, fromSeconds, toHours, toMinutes, toSeconds] = times.map(Number);
    const text = lines.join(' ').replace(/&(?:amp|lt|gt);/g, (sign) => SIGNS[sign] ?? sign);
    return [
      { start: inSeconds(fromHours, fromMinutes, fromSeconds), end: inSeconds(toHours, toMinutes, toSeconds), text },
    ];
  });
}

function inSeconds(hours = 0, minutes = 0, seconds = 0): number {
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000) / 1000;
}
