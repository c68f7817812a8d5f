{{- define "podline.pod.caretaker" -}}
{{- $settings := index . 1 -}}
env:
  WEBHOOK_MAX_ACK_PENDING: {{ $settings.maxAckPending }}
{{- with $settings.webhookSecret }}
{{- if .existingSecret }}
secretEnv:
  - name: WEBHOOK_SECRET
    valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .secretKey }} } }
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.egress.caretaker" -}}
# Webhooks and feeds lie anywhere.
- to:
    {{- toYaml .Values.networkPolicy.publicAddresses | nindent 4 }}
  ports: [{ protocol: TCP }]
{{- end -}}
