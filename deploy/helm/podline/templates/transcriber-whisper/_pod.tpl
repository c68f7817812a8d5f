{{- define "podline.pod.transcriberWhisper" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
{{- $gpu := $settings.gpu -}}
{{- $suffix := ternary $gpu.tagSuffix "" $gpu.enabled -}}
{{- $download := include "podline.whisper.downloads" $root | fromJsonArray -}}
{{- $cached := without $settings.models "tiny.en-q8_0" -}}
env:
  WHISPER_MAX_ACK_PENDING: {{ $settings.maxAckPending }}
  WHISPER_MODEL: {{ first $settings.models | quote }}
  WHISPER_WORKERS: {{ $settings.workers }}
  WHISPER_THREADS: {{ $settings.threads }}
  {{- if $cached }}
  WHISPER_MODELS_DIR: /models
  {{- end }}
resources:
  {{- include "podline.whisper.resources" (list $root $settings) | nindent 2 }}
tagSuffix: {{ $suffix | quote }}
{{- if $gpu.enabled }}
# A second pod would wait for a GPU that the first one holds.
strategy:
  type: RollingUpdate
  rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }
tolerations:
  - { key: {{ $gpu.resourceName }}, operator: Exists, effect: NoSchedule }
{{- end }}
{{- if $cached }}
volumes:
  - name: models
    {{- include "podline.whisper.modelVolume" (list $root $settings) | nindent 4 }}
volumeMounts:
  - { name: models, mountPath: /models, readOnly: true }
{{- if or $download (has "tiny.en-q8_0" $settings.models) }}
initContainers:
  {{- if has "tiny.en-q8_0" $settings.models }}
  - name: copy-model
    image: {{ include "podline.image" (list $root "transcriber-whisper") }}{{ $suffix }}
    command: [cp, --no-clobber, /app/models/ggml-tiny.en-q8_0.bin, /models/]
    {{- include "podline.whisper.initContainer" (list $root $settings) | nindent 4 }}
  {{- end }}
  {{- if $download }}
  - name: fetch-models
    image: {{ include "podline.image" (list $root "cli") }}
    args: [model, fetch, --folder, /models{{ with $settings.modelCache.mirror }}, --mirror, {{ . | quote }}{{ end }}, {{ join ", " $download }}]
    {{- include "podline.whisper.initContainer" (list $root $settings) | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.whisper.initContainer" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
{{- with $settings.extraEnv }}
env:
  {{- toYaml . | nindent 2 }}
{{- end }}
resources:
  requests: { cpu: 50m, memory: 96Mi }
  limits: { memory: 256Mi }
securityContext:
  {{- toYaml $settings.securityContext | nindent 2 }}
volumeMounts:
  - { name: models, mountPath: /models }
  - { name: tmp, mountPath: /tmp }
{{- end -}}

{{/* Models that are neither in the image nor one's own. */}}
{{- define "podline.whisper.downloads" -}}
{{- $table := .Files.Get "files/models.json" | fromJson -}}
{{- $known := list -}}
{{- range without .Values.transcriberWhisper.models "tiny.en-q8_0" -}}
{{- if hasKey $table . }}{{ $known = append $known . }}{{ end -}}
{{- end -}}
{{- $known | toJson -}}
{{- end -}}

{{- define "podline.whisper.modelVolume" -}}
{{- $root := index . 0 -}}
{{- with (index . 1).modelCache }}
{{- if eq .type "claim" -}}
persistentVolumeClaim: { claimName: {{ .existingClaim | default (printf "%s-models" (include "podline.fullname" $root)) }} }
{{- else -}}
emptyDir: { sizeLimit: {{ .size }} }
{{- end -}}
{{- end }}
{{- end -}}

{{/*
Memory the largest model needs, times the workers, and 256 MiB for Node and the audio. A model of one's own isn't in
the table: its memory must be set.
*/}}
{{- define "podline.whisper.memoryMi" -}}
{{- $table := .Files.Get "files/models.json" | fromJson -}}
{{- $largest := 0 -}}
{{- range .Values.transcriberWhisper.models -}}
{{- $largest = max $largest (get $table . | default dict).memoryMB -}}
{{- end -}}
{{- add 256 (mul $largest (int .Values.transcriberWhisper.workers)) -}}
{{- end -}}

{{- define "podline.whisper.resources" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
{{- $needed := include "podline.whisper.memoryMi" $root | int64 -}}
{{- $derived := dict "requests" (dict "memory" (printf "%dMi" $needed)) "limits" (dict "memory" (printf "%dMi" (div (mul $needed 5) 4))) -}}
{{- if $settings.gpu.enabled -}}
{{- $_ := set $derived.limits $settings.gpu.resourceName $settings.gpu.count -}}
{{- end -}}
{{- mergeOverwrite $derived $settings.resources | toYaml -}}
{{- end -}}

{{/* Models are fetched over HTTPS from the model hub or a mirror. */}}
{{- define "podline.egress.transcriberWhisper" -}}
{{- if include "podline.whisper.downloads" . | fromJsonArray }}
{{- include "podline.egress.url" (list . (.Values.transcriberWhisper.modelCache.mirror | default "https://huggingface.co")) }}
{{- end }}
{{- end -}}
