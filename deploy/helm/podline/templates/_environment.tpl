{{/* Variables every process of podline needs, and what must be mounted for them; user is its NATS user. */}}

{{- define "podline.env.common" -}}
{{- $root := index . 0 -}}
{{- $user := index . 1 -}}
{{- $values := $root.Values -}}
NATS_URL: {{ include "podline.nats.url" $root | quote }}
{{- if $values.nats.embedded.enabled }}
NATS_USER: {{ $user }}
NATS_INBOX_PREFIX: _INBOX_{{ $user }}
{{- end }}
{{- if include "podline.nats.caSecret" $root }}
NATS_TLS_CA_FILE: /etc/podline/nats-ca/ca.crt
{{- end }}
{{- if and (not $values.nats.embedded.enabled) $values.nats.external.tls.clientSecret }}
NATS_TLS_CERT_FILE: /etc/podline/nats-client/tls.crt
NATS_TLS_KEY_FILE: /etc/podline/nats-client/tls.key
{{- end }}
{{- if and (not $values.nats.embedded.enabled) $values.nats.external.keys.credentials }}
NATS_CREDS_FILE: /etc/podline/nats-credentials/user.creds
{{- end }}
STREAM_REPLICAS: {{ include "podline.nats.streamReplicas" $root | quote }}
JOBS_MAX_BYTES: {{ $values.streams.jobsMaxBytes }}
EVENTS_MAX_BYTES: {{ $values.streams.eventsMaxBytes }}
EVENTS_MAX_AGE_SECONDS: {{ include "podline.text" $values.streams.eventsMaxAgeSeconds | quote }}
DEAD_LETTERS_MAX_BYTES: {{ $values.streams.deadLettersMaxBytes }}
AUDIO_MAX_BYTES: {{ $values.streams.audioMaxBytes }}
AUDIO_MAX_AGE_SECONDS: {{ include "podline.text" $values.streams.audioMaxAgeSeconds | quote }}
RESULTS_MAX_BYTES: {{ $values.streams.resultsMaxBytes }}
RESULTS_MAX_AGE_SECONDS: {{ include "podline.text" $values.streams.resultsMaxAgeSeconds | quote }}
{{- if eq $values.storage.type "s3" }}
{{- with $values.storage.s3 }}
STORAGE: s3
S3_REGION: {{ .region | quote }}
S3_BUCKET: {{ .bucket | quote }}
S3_PREFIX: {{ .prefix | quote }}
{{- if not (kindIs "invalid" .forcePathStyle) }}
S3_FORCE_PATH_STYLE: {{ .forcePathStyle | quote }}
{{- end }}
{{- if .endpoint }}
S3_ENDPOINT: {{ .endpoint | quote }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.env.secrets" -}}
{{- $root := index . 0 -}}
{{- $nats := $root.Values.nats -}}
{{- if $nats.embedded.enabled }}
- name: NATS_PASSWORD
  valueFrom: { secretKeyRef: { name: {{ include "podline.nats.authSecret" $root }}, key: {{ index . 1 }} } }
{{- else }}
{{- range $variable, $key := dict "NATS_USER" $nats.external.keys.user "NATS_PASSWORD" $nats.external.keys.password "NATS_TOKEN" $nats.external.keys.token }}
{{- if $key }}
- name: {{ $variable }}
  valueFrom: { secretKeyRef: { name: {{ $nats.external.existingSecret }}, key: {{ $key }} } }
{{- end }}
{{- end }}
{{- end }}
{{- with $root.Values.storage }}
{{- if and (eq .type "s3") .s3.existingSecret }}
- name: S3_ACCESS_KEY_ID
  valueFrom: { secretKeyRef: { name: {{ .s3.existingSecret }}, key: {{ .s3.accessKeyIdKey }} } }
- name: S3_SECRET_ACCESS_KEY
  valueFrom: { secretKeyRef: { name: {{ .s3.existingSecret }}, key: {{ .s3.secretAccessKeyKey }} } }
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.volumes.common" -}}
- name: tmp
  emptyDir: {}
{{- with include "podline.nats.caSecret" . }}
- name: nats-ca
  secret: { secretName: {{ . }}, items: [{ key: {{ include "podline.nats.caKey" $ }}, path: ca.crt }] }
{{- end }}
{{- if not .Values.nats.embedded.enabled }}
{{- with .Values.nats.external.tls.clientSecret }}
- name: nats-client
  secret: { secretName: {{ . }} }
{{- end }}
{{- if .Values.nats.external.keys.credentials }}
- name: nats-credentials
  secret:
    secretName: {{ .Values.nats.external.existingSecret }}
    items: [{ key: {{ .Values.nats.external.keys.credentials }}, path: user.creds }]
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.mounts.common" -}}
- { name: tmp, mountPath: /tmp }
{{- if include "podline.nats.caSecret" . }}
- { name: nats-ca, mountPath: /etc/podline/nats-ca, readOnly: true }
{{- end }}
{{- if not .Values.nats.embedded.enabled }}
{{- if .Values.nats.external.tls.clientSecret }}
- { name: nats-client, mountPath: /etc/podline/nats-client, readOnly: true }
{{- end }}
{{- if .Values.nats.external.keys.credentials }}
- { name: nats-credentials, mountPath: /etc/podline/nats-credentials, readOnly: true }
{{- end }}
{{- end }}
{{- end -}}

{{/* The account and the limits of the transcription (or summary) class; what operators set at run time outlives them. */}}
{{- define "podline.env.openai" -}}
OPENAI_BASE_URL: {{ .Values.openai.baseUrl | quote }}
OPENAI_ACCOUNT: {{ .Values.openai.account }}
RATE_LIMIT_MODE: {{ .Values.openai.mode }}
{{- end -}}

{{- define "podline.env.limits" -}}
{{- range $variable, $value := . }}
{{- if $value }}
{{ $variable }}: {{ include "podline.text" $value | quote }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.env.openaiKey" -}}
- name: OPENAI_API_KEY
  valueFrom: { secretKeyRef: { name: {{ .Values.openai.existingSecret }}, key: {{ .Values.openai.secretKey }} } }
{{- end -}}
