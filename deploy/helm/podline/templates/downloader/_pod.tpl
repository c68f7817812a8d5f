{{- define "podline.pod.downloader" -}}
{{- $root := index . 0 -}}
{{- $settings := index . 1 -}}
env:
  DOWNLOAD_MAX_ACK_PENDING: {{ $settings.maxAckPending }}
  WORK_DIR: /work
  WHISPER_MODELS: {{ join "," $root.Values.transcriberWhisper.models | quote }}
  ALLOWED_PROVIDERS: {{ include "podline.providers" $root }}
  DEFAULT_PROVIDER: {{ include "podline.providers" $root | splitList "," | first }}
  ALLOWED_SUMMARY_PROVIDERS: {{ include "podline.summaryProviders" $root }}
volumes:
  # Helm merges maps: another kind of volume comes with the default's emptyDir, and Kubernetes takes one kind only.
  {{- $work := $settings.workVolume }}
  - name: work
    {{- toYaml (gt (len $work) 1 | ternary (omit $work "emptyDir") $work) | nindent 4 }}
volumeMounts:
  - { name: work, mountPath: /work }
{{- end -}}

{{/* What a request may ask for is what runs: anything else would wait for ever. */}}
{{- define "podline.providers" -}}
{{- $providers := list -}}
{{- if .Values.transcriberWhisper.enabled }}{{ $providers = append $providers "whisper" }}{{ end -}}
{{- if .Values.transcriberOpenai.enabled }}{{ $providers = append $providers "openai" }}{{ end -}}
{{- join "," $providers -}}
{{- end -}}

{{- define "podline.summaryProviders" -}}
{{- $providers := list "extractive" -}}
{{- if .Values.openai.existingSecret }}{{ $providers = append $providers "openai" }}{{ end -}}
{{- if or .Values.llama.enabled .Values.summarizer.localUrl }}{{ $providers = append $providers "local" }}{{ end -}}
{{- join "," $providers -}}
{{- end -}}

{{- define "podline.egress.downloader" -}}
# Episodes lie anywhere; the downloader itself refuses private addresses after every redirect.
- to:
    {{- toYaml .Values.networkPolicy.publicAddresses | nindent 4 }}
  ports: [{ protocol: TCP }]
{{- end -}}
