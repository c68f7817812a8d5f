{{/* What every component has besides its Deployment; each takes (list $ "transcriberWhisper"). */}}

{{- define "podline.serviceAccount" -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- if $settings.serviceAccount.create -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "podline.metadata" (list (index . 0) (kebabcase (index . 1))) | nindent 2 }}
  {{- with $settings.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end -}}
{{- end -}}

{{- define "podline.podDisruptionBudget" -}}
{{- $root := index . 0 -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- with $settings.podDisruptionBudget }}
{{- if .enabled -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  {{- include "podline.metadata" (list $root (kebabcase (index $ 1))) | nindent 2 }}
spec:
  {{- if kindIs "invalid" .minAvailable }}
  maxUnavailable: {{ include "podline.text" .maxUnavailable }}
  {{- else }}
  minAvailable: {{ include "podline.text" .minAvailable }}
  {{- end }}
  # A pod that can't work protects nothing.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "podline.selector" (list $root (kebabcase (index $ 1))) | nindent 6 }}
{{- end -}}
{{- end }}
{{- end -}}

{{- define "podline.horizontalPodAutoscaler" -}}
{{- $root := index . 0 -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- with $settings.autoscaling }}
{{- if eq .mode "hpa" -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "podline.metadata" (list $root (kebabcase (index $ 1))) | nindent 2 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ include "podline.fullname" $root }}-{{ kebabcase (index $ 1) }} }
  minReplicas: {{ .minReplicas }}
  maxReplicas: {{ .maxReplicas }}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: {{ .targetCPUUtilizationPercentage }} } }
  behavior:
    scaleDown: { stabilizationWindowSeconds: {{ .scaleDownStabilizationSeconds }} }
{{- end -}}
{{- end }}
{{- end -}}

{{/* One trigger a turn of a lane: KEDA takes the largest. The consumers are made by the services, so KEDA must bear their absence. */}}
{{- define "podline.scaledObject" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- $queues := dict "downloader" "download" "transcriberWhisper" "transcribe-whisper" "transcriberOpenai" "transcribe-openai" "summarizer" "summarize" -}}
{{- $queue := get $queues $component -}}
{{- with $settings.autoscaling }}
{{- if eq .mode "keda" -}}
{{- $jobs := .jobsPerReplica -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "podline.metadata" (list $root (kebabcase $component)) | nindent 2 }}
spec:
  scaleTargetRef: { name: {{ include "podline.fullname" $root }}-{{ kebabcase $component }} }
  pollingInterval: 15
  cooldownPeriod: {{ .cooldownSeconds }}
  minReplicaCount: {{ .minReplicas }}
  maxReplicaCount: {{ .maxReplicas }}
  # NATS can't be asked: keep what there is, never the maximum.
  fallback: { failureThreshold: 3, replicas: {{ max 1 .minReplicas }}, behavior: currentReplicasIfHigher }
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown: { stabilizationWindowSeconds: {{ .scaleDownStabilizationSeconds }} }
  triggers:
    {{- range $lane := list "high" "normal" "bulk" }}
    {{- range $turn := list "" "-1" "-2" "-3" "-4" }}
    - type: nats-jetstream
      metadata:
        natsServerMonitoringEndpoint: {{ include "podline.nats.monitoringEndpoint" $root | quote }}
        account: {{ include "podline.nats.account" $root | quote }}
        stream: PODLINE_{{ $queue | upper | replace "-" "_" }}
        consumer: {{ $queue }}-{{ $lane }}{{ $turn }}
        lagThreshold: {{ include "podline.text" $jobs | quote }}
        activationLagThreshold: "0"
    {{- end }}
    {{- end }}
{{- end -}}
{{- end }}
{{- end -}}

{{/* Ingress: metrics. Egress: DNS, NATS, the store, and what "podline.egress.<component>" adds. */}}
{{- define "podline.networkPolicy" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- if $root.Values.networkPolicy.enabled -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "podline.metadata" (list $root (kebabcase $component)) | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "podline.selector" (list $root (kebabcase $component)) | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        {{- toYaml $root.Values.networkPolicy.metricsFrom | nindent 8 }}
      ports: [{ port: http, protocol: TCP }]
  egress:
    {{- include "podline.egress.common" $root | trim | nindent 4 }}
    {{- include (printf "podline.egress.%s" $component) $root | trim | nindent 4 }}
    {{- with $settings.extraEgress }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}
{{- end -}}

{{- define "podline.egress.common" -}}
- to:
    {{- toYaml .Values.networkPolicy.dns | nindent 4 }}
  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
{{- if .Values.nats.embedded.enabled }}
- to:
    - podSelector:
        matchLabels:
          {{- include "podline.selector" (list . "nats") | nindent 10 }}
  ports: [{ port: 4222, protocol: TCP }]
{{- else }}
- ports:
    {{- range .Values.nats.external.ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}
{{- if eq .Values.storage.type "s3" }}
{{- $url := urlParse (.Values.storage.s3.endpoint | default "https://s3.amazonaws.com") }}
- ports: [{ port: {{ splitList ":" $url.host | rest | first | default (ternary "80" "443" (eq $url.scheme "http")) | int }}, protocol: TCP }]
{{- end }}
{{- end -}}

{{/* Public addresses on the port of a URL. An API inside the cluster takes a rule in `extraEgress`. */}}
{{- define "podline.egress.url" -}}
{{- $root := index . 0 -}}
{{- $url := urlParse (index . 1) -}}
- to:
    {{- toYaml $root.Values.networkPolicy.publicAddresses | nindent 4 }}
  ports: [{ port: {{ splitList ":" $url.host | rest | first | default (ternary "80" "443" (eq $url.scheme "http")) | int }}, protocol: TCP }]
{{- end -}}
