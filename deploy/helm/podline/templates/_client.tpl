{{/* The container of a pod that runs the `podline` command once, as NATS' user `operator`: (list $ $args) */}}
{{- define "podline.client.spec" -}}
{{- $root := index . 0 -}}
restartPolicy: Never
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $root.Values.defaults.podSecurityContext | nindent 2 }}
containers:
  - name: podline
    image: {{ include "podline.image" (list $root "cli") }}
    imagePullPolicy: {{ $root.Values.image.pullPolicy }}
    args: {{ index . 1 | toJson }}
    env:
      {{- range $variable, $value := include "podline.env.common" (list $root "operator") | fromYaml }}
      - { name: {{ $variable }}, value: {{ include "podline.text" $value | quote }} }
      {{- end }}
      {{- include "podline.env.secrets" (list $root "operator") | trim | nindent 6 }}
    resources:
      requests: { cpu: 50m, memory: 128Mi }
      limits: { memory: 512Mi }
    securityContext:
      {{- toYaml $root.Values.defaults.securityContext | nindent 6 }}
    volumeMounts:
      {{- include "podline.mounts.common" $root | trim | nindent 6 }}
volumes:
  {{- include "podline.volumes.common" $root | trim | nindent 2 }}
{{- end -}}
