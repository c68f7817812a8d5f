{{- define "podline.pod.caretaker" -}}
env:
  WEBHOOK_MAX_ACK_PENDING: {{ (index . 1).maxAckPending }}
{{- end -}}

{{- define "podline.egress.caretaker" -}}
# Webhooks and feeds lie anywhere.
- to:
    {{- toYaml .Values.networkPolicy.publicAddresses | nindent 4 }}
  ports: [{ protocol: TCP }]
{{- end -}}
