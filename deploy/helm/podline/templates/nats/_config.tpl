{{/* nats.conf. Passwords come from the environment, so that this can be a ConfigMap anybody may read. */}}
{{- define "podline.nats.config" -}}
{{- $nats := .Values.nats.embedded -}}
{{- $name := include "podline.nats.name" . -}}
server_name: $POD_NAME
port: 4222
http_port: 8222
pid_file: "/var/run/nats/nats.pid"
lame_duck_duration: "30s"
lame_duck_grace_period: "10s"

jetstream {
  store_dir: "/data"
  max_file_store: {{ include "podline.nats.storeBytes" . }}
  max_memory_store: 67108864
  # How much a power failure of all servers at once may cost; "always" costs time on every write.
  sync_interval: {{ $nats.syncInterval | quote }}
}
{{- if $nats.tls.enabled }}

tls {
  cert_file: "/etc/nats-tls/tls.crt"
  key_file: "/etc/nats-tls/tls.key"
  ca_file: "/etc/nats-tls/ca.crt"
}
{{- end }}
{{- if gt (int $nats.replicas) 1 }}

cluster {
  name: {{ $name | quote }}
  port: 6222
  authorization { user: cluster, password: $NATS_PASSWORD_CLUSTER, timeout: 5 }
  routes: [
    {{- range $index := until (int $nats.replicas) }}
    $NATS_ROUTE_{{ $index }}
    {{- end }}
  ]
  {{- if $nats.tls.enabled }}
  tls {
    cert_file: "/etc/nats-tls/tls.crt"
    key_file: "/etc/nats-tls/tls.key"
    ca_file: "/etc/nats-tls/ca.crt"
  }
  {{- end }}
}
{{- end }}

authorization {
  users: [
    {{- range $user, $permissions := .Files.Get "files/nats-permissions.json" | fromJson }}
    {
      user: {{ $user | quote }}
      password: ${{ include "podline.nats.passwordVariable" $user }}
      permissions: {
        publish: { allow: {{ toRawJson $permissions.publish.allow }} }
        subscribe: { allow: {{ toRawJson $permissions.subscribe.allow }} }
      }
    }
    {{- end }}
  ]
}
{{- with $nats.extraConfig }}

{{ . }}
{{- end }}
{{- end -}}
