import { type Heard, isGpt4o, type TranscriptionRequest } from './transcriptions.ts';

/** The real API bills gpt-4o transcription by tokens; audio comes to about ten a second. */
const AUDIO_TOKENS_PER_SECOND = 10;

/** Longest answer of the gpt-4o models: the rest is left out, and nothing says so. */
const MAX_OUTPUT_TOKENS = 2000;
const CHARACTERS_PER_TOKEN = 4;

/** A transcript's body and content type, in the response format that was asked for. */
export function renderTranscript(request: TranscriptionRequest, whole: Heard): { body: string; contentType: string } {
  const heard = isGpt4o(request.audio.model)
    ? { ...whole, text: whole.text.slice(0, MAX_OUTPUT_TOKENS * CHARACTERS_PER_TOKEN) }
    : whole;
  switch (request.format) {
    case 'text':
      return { body: `${heard.text}\n`, contentType: 'text/plain; charset=utf-8' };
    case 'srt':
      return { body: subtitles(heard, ',', true), contentType: 'text/plain; charset=utf-8' };
    case 'vtt':
      return { body: `WEBVTT\n\n${subtitles(heard, '.', false)}`, contentType: 'text/plain; charset=utf-8' };
    case 'verbose_json':
      return json(verbose(request, heard));
    default:
      return json({ text: heard.text, usage: usage(request, heard) });
  }
}

function json(value: unknown): { body: string; contentType: string } {
  return { body: JSON.stringify(value), contentType: 'application/json' };
}

function verbose({ audio, granularities }: TranscriptionRequest, heard: Heard): unknown {
  return {
    task: 'transcribe',
    language: heard.language ?? 'english',
    duration: audio.seconds,
    text: heard.text,
    ...(granularities.includes('segment') ? { segments: heard.segments.map(verboseSegment) } : {}),
    ...(granularities.includes('word') ? { words: heard.words } : {}),
    usage: { type: 'duration', seconds: Math.ceil(audio.seconds) },
  };
}

function verboseSegment({ start, end, text }: Heard['segments'][number], id: number): unknown {
  return {
    id,
    seek: Math.round(start * 100),
    start,
    end,
    text,
    tokens: [],
    temperature: 0,
    avg_logprob: -0.25,
    compression_ratio: 1.5,
    no_speech_prob: 0.01,
  };
}

function usage({ audio }: TranscriptionRequest, heard: Heard): unknown {
  if (!isGpt4o(audio.model)) return { type: 'duration', seconds: Math.ceil(audio.seconds) };
  const input = Math.ceil(audio.seconds * AUDIO_TOKENS_PER_SECOND);
  const output = Math.ceil(heard.text.length / CHARACTERS_PER_TOKEN);
  return {
    type: 'tokens',
    input_tokens: input,
    input_token_details: { text_tokens: 0, audio_tokens: input },
    output_tokens: output,
    total_tokens: input + output,
  };
}

function subtitles({ segments }: Heard, decimal: ',' | '.', numbered: boolean): string {
  return segments
    .map(({ start, end, text }, index) => {
      const number = numbered ? `${index + 1}\n` : '';
      return `${number}${clock(start, decimal)} --> ${clock(end, decimal)}\n${text.trim()}\n\n`;
    })
    .join('');
}

function clock(seconds: number, decimal: string): string {
  const iso = new Date(Math.round(seconds * 1000)).toISOString();
  return `${iso.slice(11, 19)}${decimal}${iso.slice(20, 23)}`;
}
