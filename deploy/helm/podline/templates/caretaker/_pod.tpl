{{- define "podline.pod.caretaker" -}}
env: {}
{{- end -}}

{{- define "podline.egress.caretaker" -}}
# Webhooks and feeds lie anywhere.
- to:
    {{- toYaml .Values.networkPolicy.publicAddresses | nindent 4 }}
  ports: [{ protocol: TCP }]
{{- end -}}
