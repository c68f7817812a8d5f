{{/*
The Deployment of one service: include "podline.deployment" (list $ "transcriberWhisper"). What is its own comes from
"podline.pod.<component>": env, secretEnv, volumes, volumeMounts, initContainers, resources, image, strategy.
*/}}
{{- define "podline.deployment" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- $name := kebabcase $component -}}
{{- $settings := include "podline.settings" . | fromYaml -}}
{{- $pod := include (printf "podline.pod.%s" $component) (list $root $settings) | fromYaml -}}
{{- $env := include "podline.env.common" (list $root $name) | fromYaml -}}
{{- $env = mergeOverwrite $env (dict "LOG_LEVEL" $settings.logLevel "SHUTDOWN_GRACE_SECONDS" $settings.shutdownGraceSeconds "HTTP_PORT" 3000) -}}
{{- $env = mergeOverwrite $env ($pod.env | default dict) ($settings.config | default dict) -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "podline.metadata" (list $root $name) | nindent 2 }}
  {{- with $settings.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if eq $settings.autoscaling.mode "none" }}
  replicas: {{ $settings.replicas }}
  {{- end }}
  revisionHistoryLimit: {{ $settings.revisionHistoryLimit }}
  strategy:
    {{- toYaml ($pod.strategy | default $settings.strategy) | nindent 4 }}
  selector:
    matchLabels:
      {{- include "podline.selector" (list $root $name) | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "podline.labels" (list $root $name) | nindent 8 }}
        podline.io/metrics: 'true'
        {{- with $settings.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- with $settings.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      serviceAccountName: {{ include "podline.serviceAccountName" . }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      # The drain, then the end of engines and connections.
      terminationGracePeriodSeconds: {{ add (int $settings.shutdownGraceSeconds) 15 }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- toYaml $settings.podSecurityContext | nindent 8 }}
      {{- include "podline.placement" (list $root $name $settings) | nindent 6 }}
      {{- with $pod.tolerations | default list | concat ($settings.tolerations | default list) }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $pod.initContainers }}
      initContainers:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: {{ $name }}
          image: {{ printf "%s%s" (include "podline.image" (list $root $name)) ($pod.tagSuffix | default "") }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          env:
            {{- range $variable, $value := $env }}
            - { name: {{ $variable }}, value: {{ include "podline.text" $value | quote }} }
            {{- end }}
            {{- include "podline.env.secrets" (list $root $name) | trim | nindent 12 }}
            {{- with $pod.secretEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
            {{- with $settings.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- with $settings.extraEnvFrom }}
          envFrom:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          ports:
            - { name: http, containerPort: 3000 }
          {{- include "podline.probes" $settings.probes | nindent 10 }}
          resources:
            {{- toYaml ($pod.resources | default $settings.resources) | nindent 12 }}
          securityContext:
            {{- toYaml $settings.securityContext | nindent 12 }}
          volumeMounts:
            {{- include "podline.mounts.common" $root | trim | nindent 12 }}
            {{- with concat ($pod.volumeMounts | default list) ($settings.extraVolumeMounts | default list) }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
      volumes:
        {{- include "podline.volumes.common" $root | trim | nindent 8 }}
        {{- with concat ($pod.volumes | default list) ($settings.extraVolumes | default list) }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
{{- end -}}

{{- define "podline.probes" -}}
startupProbe:
  httpGet: { path: /healthz, port: http }
  {{- toYaml .startup | nindent 2 }}
readinessProbe:
  httpGet: { path: /readyz, port: http }
  {{- toYaml .readiness | nindent 2 }}
livenessProbe:
  httpGet: { path: /healthz, port: http }
  {{- toYaml .liveness | nindent 2 }}
{{- end -}}

{{- define "podline.placement" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- with index . 2 }}
{{- if .topologySpread }}
topologySpreadConstraints:
  {{- range .topologySpread }}
  - {{- toYaml . | nindent 4 }}
    labelSelector:
      matchLabels:
        {{- include "podline.selector" (list $root $name) | nindent 8 }}
  {{- end }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- end }}
{{- end -}}
