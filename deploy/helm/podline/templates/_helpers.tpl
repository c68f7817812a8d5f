{{- define "podline.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels of one component: include "podline.labels" (list $ "downloader") */}}
{{- define "podline.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
app.kubernetes.io/part-of: podline
{{ include "podline.selector" . }}
{{- end -}}

{{- define "podline.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ default $root.Chart.Name $root.Values.nameOverride }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* All of the release's pods: their labels without the component. */}}
{{- define "podline.releaseSelector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Name, namespace and labels of one component's resource: include "podline.metadata" (list $ "downloader") */}}
{{- define "podline.metadata" -}}
{{- $root := index . 0 -}}
name: {{ include "podline.fullname" $root }}-{{ index . 1 }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "podline.labels" . | nindent 2 }}
{{- end -}}

{{/* Components that are one Deployment of a podline service each, as values.yaml calls them. */}}
{{- define "podline.components" -}}
{{- $enabled := list -}}
{{- range list "downloader" "transcriberWhisper" "transcriberOpenai" "summarizer" "caretaker" -}}
{{- if (index $.Values .).enabled }}{{ $enabled = append $enabled . }}{{ end -}}
{{- end -}}
{{- toJson $enabled -}}
{{- end -}}

{{/* A component's values over the defaults, as YAML: include "podline.settings" (list $ "downloader") */}}
{{- define "podline.settings" -}}
{{- $root := index . 0 -}}
{{- mergeOverwrite (deepCopy $root.Values.defaults) (deepCopy (index $root.Values (index . 1))) | toYaml -}}
{{- end -}}

{{- define "podline.image" -}}
{{- $root := index . 0 -}}
{{- printf "%s/%s:%s" $root.Values.image.repository (index . 1) ($root.Values.image.tag | default $root.Chart.AppVersion) -}}
{{- end -}}

{{/* Bytes of a size such as 20Gi. */}}
{{- define "podline.bytes" -}}
{{- $units := dict "" 1 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- $text := toString . -}}
{{- $unit := regexFind "[KMGT]i$" $text -}}
{{- mul (trimSuffix $unit $text | int64) (get $units $unit) -}}
{{- end -}}

{{/* Thousandths of a CPU of a quantity such as 500m, 2 or 1.5. */}}
{{- define "podline.millicpu" -}}
{{- $text := toString . -}}
{{- if hasSuffix "m" $text -}}{{- trimSuffix "m" $text | int64 -}}
{{- else -}}{{- mulf (float64 $text) 1000 | int64 -}}
{{- end -}}
{{- end -}}

{{/* A value as the text of an environment variable; Helm reads whole numbers as floats. */}}
{{- define "podline.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{- int64 . -}}{{- else -}}{{- toString . -}}{{- end -}}
{{- end -}}

{{- define "podline.serviceAccountName" -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- if $settings.serviceAccount.create -}}
{{- include "podline.fullname" (index . 0) }}-{{ kebabcase (index . 1) }}
{{- else -}}
{{- $settings.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}
