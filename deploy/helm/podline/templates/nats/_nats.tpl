{{- define "podline.nats.name" -}}
{{ include "podline.fullname" . }}-nats
{{- end -}}

{{- define "podline.nats.url" -}}
{{- if .Values.nats.embedded.enabled -}}
nats://{{ include "podline.nats.name" . }}.{{ .Release.Namespace }}.svc:4222
{{- else -}}
{{- .Values.nats.external.url -}}
{{- end -}}
{{- end -}}

{{- define "podline.nats.authSecret" -}}
{{ .Values.nats.embedded.auth.existingSecret | default (printf "%s-auth" (include "podline.nats.name" .)) }}
{{- end -}}

{{- define "podline.nats.caSecret" -}}
{{- if .Values.nats.embedded.enabled -}}
{{- if .Values.nats.embedded.tls.enabled }}{{ .Values.nats.embedded.tls.secretName }}{{ end -}}
{{- else -}}
{{- .Values.nats.external.tls.caSecret -}}
{{- end -}}
{{- end -}}

{{- define "podline.nats.caKey" -}}
{{ ternary "ca.crt" .Values.nats.external.tls.caKey .Values.nats.embedded.enabled }}
{{- end -}}

{{- define "podline.nats.streamReplicas" -}}
{{- if kindIs "invalid" .Values.nats.streamReplicas -}}
{{- ternary .Values.nats.embedded.replicas 1 .Values.nats.embedded.enabled | int -}}
{{- else -}}
{{- .Values.nats.streamReplicas | int -}}
{{- end -}}
{{- end -}}

{{/* KEDA asks every server for itself, by the names of the headless service. */}}
{{- define "podline.nats.monitoringEndpoint" -}}
{{- if .Values.nats.embedded.enabled -}}
{{ include "podline.nats.name" . }}-headless.{{ .Release.Namespace }}.svc.cluster.local:8222
{{- else -}}
{{- .Values.nats.external.monitoringEndpoint -}}
{{- end -}}
{{- end -}}

{{- define "podline.nats.account" -}}
{{ ternary "$G" .Values.nats.external.account .Values.nats.embedded.enabled }}
{{- end -}}

{{/* Users of the embedded NATS, and `cluster` for the servers among themselves. */}}
{{- define "podline.nats.users" -}}
{{- .Files.Get "files/nats-permissions.json" | fromJson | keys | sortAlpha | toJson -}}
{{- end -}}

{{/* NATS_PASSWORD_TRANSCRIBER_WHISPER */}}
{{- define "podline.nats.passwordVariable" -}}
NATS_PASSWORD_{{ . | upper | replace "-" "_" }}
{{- end -}}

{{/* Bytes all streams may take together: NATS sets them aside, so the volume must hold them. */}}
{{- define "podline.streamBytes" -}}
{{- $total := 0 -}}
{{- with .Values.streams -}}
{{- $jobs := include "podline.bytes" .jobsMaxBytes | int64 -}}
{{- $total = mul $jobs 5 -}}
{{- range list .eventsMaxBytes .deadLettersMaxBytes "64Mi" -}}
{{- $total = add $total (include "podline.bytes" . | int64) -}}
{{- end -}}
{{- if eq $.Values.storage.type "nats" -}}
{{- $total = add $total (include "podline.bytes" .audioMaxBytes | int64) (include "podline.bytes" .resultsMaxBytes | int64) -}}
{{- end -}}
{{- end -}}
{{- $total -}}
{{- end -}}

{{/* A tenth of the volume stays free for what is not counted: the files' own overhead, deleted messages. */}}
{{- define "podline.nats.storeBytes" -}}
{{- div (mul (include "podline.bytes" .Values.nats.embedded.persistence.size | int64) 9) 10 -}}
{{- end -}}
