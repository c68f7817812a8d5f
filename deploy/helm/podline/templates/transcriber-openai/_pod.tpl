{{- define "podline.pod.transcriberOpenai" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
env:
  {{- include "podline.env.openai" $root | nindent 2 }}
  {{- with $root.Values.openai.limits.transcription }}
  {{- include "podline.env.limits" (dict
    "OPENAI_TRANSCRIBE_REQUESTS_PER_MINUTE" .requestsPerMinute
    "OPENAI_TRANSCRIBE_MAX_CONCURRENT" .maxConcurrent
    "OPENAI_TRANSCRIBE_REQUESTS_PER_DAY" .requestsPerDay
    "OPENAI_TRANSCRIBE_AUDIO_SECONDS_PER_MINUTE" .audioSecondsPerMinute
    "OPENAI_TRANSCRIBE_AUDIO_SECONDS_PER_DAY" .audioSecondsPerDay) | nindent 2 }}
  {{- end }}
  OPENAI_TRANSCRIBE_MAX_ACK_PENDING: {{ $settings.maxAckPending }}
secretEnv:
  {{- include "podline.env.openaiKey" $root | nindent 2 }}
{{- end -}}

{{- define "podline.egress.transcriberOpenai" -}}
{{- include "podline.egress.url" (list . .Values.openai.baseUrl) -}}
{{- end -}}
