/** Sound in which nobody speaks, made by ffmpeg alone: the same bytes on every machine with the same ffmpeg. */
export interface Wordless {
  name: string;
  seconds: number;
  /** An ffmpeg lavfi source. */
  source: string;
}

const RATE = 44_100;

/** A melody over held chords: each note rings out like a plucked string with three overtones. */
function music(seconds: number, beat: number, hertz: readonly number[]): string {
  const step = `floor(mod(t/${beat},${hertz.length}))`;
  const pitch = hertz.map((one, index) => `${one}*eq(${step},${index})`).join('+');
  const string = [1, 2, 3].map((overtone) => `sin(2*PI*${overtone}*(${pitch})*t)/${overtone}`).join('+');
  const chord = [hertz[0] ?? 220, hertz[2] ?? 330].map((one) => `sin(2*PI*${one / 2}*t)`).join('+');
  return `aevalsrc='0.15*(${string})*exp(-3*mod(t,${beat})/${beat})+0.05*(${chord})':s=${RATE}:d=${seconds}`;
}

const noise = (colour: string, seconds: number, level: number): string =>
  `anoisesrc=r=${RATE}:c=${colour}:a=${level}:seed=5:d=${seconds}`;

/** Applause, roughly: bursts of noise a few hundredths of a second long, in no order. */
const clapping = (seconds: number): string =>
  `aevalsrc='0.4*(random(0)-0.5)*lt(mod(t*17.3+3*sin(t*5.1),1),0.35)':s=${RATE}:d=${seconds}`;

export const WORDLESS: readonly Wordless[] = [
  { name: 'jingle, 4 s', seconds: 4, source: music(4, 0.3, [523.25, 659.26, 783.99, 1046.5]) },
  { name: 'jingle, 9 s', seconds: 9, source: music(9, 0.25, [392, 493.88, 587.33, 783.99]) },
  { name: 'jingle, 15 s', seconds: 15, source: music(15, 0.4, [440, 554.37, 659.26, 880]) },
  { name: 'music, slow, 40 s', seconds: 40, source: music(40, 0.9, [220, 261.63, 329.63, 392, 329.63]) },
  { name: 'music, fast, 40 s', seconds: 40, source: music(40, 0.18, [330, 392, 440, 523.25, 587.33]) },
  { name: 'music, low, 60 s', seconds: 60, source: music(60, 0.5, [98, 110, 130.81, 146.83]) },
  { name: 'pink noise, 30 s', seconds: 30, source: noise('pink', 30, 0.3) },
  { name: 'hum and hiss, 30 s', seconds: 30, source: noise('brown', 30, 0.4) },
  { name: 'clapping, 12 s', seconds: 12, source: clapping(12) },
  { name: 'faint noise, 30 s', seconds: 30, source: noise('white', 30, 0.001) },
  { name: 'digital silence, 30 s', seconds: 30, source: `anullsrc=r=${RATE}:d=30` },
];
