import type { TranscriptFormat } from '#shared/contracts/artifact-keys';
import type { Transcript } from '#shared/contracts/transcript';
import { toJson } from './to-json.ts';
import { toSrt } from './to-srt.ts';
import { toTxt } from './to-txt.ts';
import { toVtt } from './to-vtt.ts';

/** The transcript in one of its formats. */
export function formatTranscript(transcript: Transcript, format: TranscriptFormat): string {
  switch (format) {
    case 'json':
      return toJson(transcript);
    case 'txt':
      return toTxt(transcript);
    case 'srt':
      return toSrt(transcript);
    case 'vtt':
      return toVtt(transcript);
  }
}
