{{- define "podline.pod.summarizer" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
env:
  {{- include "podline.env.openai" $root | nindent 2 }}
  {{- with $root.Values.openai.limits.summary }}
  {{- include "podline.env.limits" (dict
    "OPENAI_SUMMARY_REQUESTS_PER_MINUTE" .requestsPerMinute
    "OPENAI_SUMMARY_TOKENS_PER_MINUTE" .tokensPerMinute
    "OPENAI_SUMMARY_MAX_CONCURRENT" .maxConcurrent
    "OPENAI_SUMMARY_REQUESTS_PER_DAY" .requestsPerDay) | nindent 2 }}
  {{- end }}
  SUMMARIZE_MAX_ACK_PENDING: {{ $settings.maxAckPending }}
  {{- with include "podline.localSummaryUrl" $root }}
  LOCAL_SUMMARY_BASE_URL: {{ . | quote }}
  {{- end }}
{{- $localKey := $settings.localApiKey }}
{{- if or $root.Values.openai.existingSecret $localKey.existingSecret }}
secretEnv:
  {{- if $root.Values.openai.existingSecret }}
  {{- include "podline.env.openaiKey" $root | nindent 2 }}
  {{- end }}
  {{- if $localKey.existingSecret }}
  - name: LOCAL_SUMMARY_API_KEY
    valueFrom: { secretKeyRef: { name: {{ $localKey.existingSecret }}, key: {{ $localKey.secretKey }} } }
  {{- end }}
{{- end }}
{{- end -}}

{{- define "podline.localSummaryUrl" -}}
{{- if .Values.summarizer.localUrl -}}
{{- .Values.summarizer.localUrl -}}
{{- else if .Values.llama.enabled -}}
http://{{ include "podline.fullname" . }}-llama:8080/v1
{{- end -}}
{{- end -}}

{{- define "podline.egress.summarizer" -}}
{{- if .Values.openai.existingSecret }}
{{ include "podline.egress.url" (list . .Values.openai.baseUrl) }}
{{- end }}
{{- if .Values.summarizer.localUrl }}
{{ include "podline.egress.url" (list . .Values.summarizer.localUrl) }}
{{- end }}
{{- if .Values.llama.enabled }}
- to:
    - podSelector:
        matchLabels:
          {{- include "podline.selector" (list . "llama") | nindent 10 }}
  ports: [{ port: 8080, protocol: TCP }]
{{- end }}
{{- end -}}
