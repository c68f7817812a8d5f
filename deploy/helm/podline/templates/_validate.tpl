{{/* What the schema can't see: values that contradict each other. Each message names the values and the way out. */}}
{{- define "podline.validate" -}}
{{- include "podline.validate.providers" . -}}
{{- include "podline.validate.nats" . -}}
{{- include "podline.validate.whisper" . -}}
{{- include "podline.validate.autoscaling" . -}}
{{- include "podline.validate.others" . -}}
{{- end -}}

{{- define "podline.validate.providers" -}}
{{- with .Values }}
{{- if and .downloader.enabled (not .transcriberWhisper.enabled) (not .transcriberOpenai.enabled) }}
{{- fail "Nobody transcribes: transcriberWhisper.enabled and transcriberOpenai.enabled are both false. Enable one." }}
{{- end }}
{{- if and .transcriberOpenai.enabled (not .openai.existingSecret) }}
{{- fail "transcriberOpenai.enabled needs an API key: set openai.existingSecret to the name of a Secret that holds it under openai.secretKey." }}
{{- end }}
{{- $default := get .downloader.config "DEFAULT_PROVIDER" | default "" }}
{{- if and .downloader.enabled (or (and (eq $default "openai") (not .transcriberOpenai.enabled)) (and (eq $default "whisper") (not .transcriberWhisper.enabled))) }}
{{- fail (printf "downloader.config.DEFAULT_PROVIDER is %s, but transcriber-%s is not enabled: its jobs would wait for ever." $default $default) }}
{{- end }}
{{- $summaries := get .downloader.config "DEFAULT_SUMMARY_PROVIDER" | default "" }}
{{- if and (eq $summaries "openai") (not .openai.existingSecret) }}
{{- fail "downloader.config.DEFAULT_SUMMARY_PROVIDER is openai, which needs openai.existingSecret." }}
{{- end }}
{{- if and (eq $summaries "local") (not .llama.enabled) (not .summarizer.localUrl) }}
{{- fail "downloader.config.DEFAULT_SUMMARY_PROVIDER is local, which needs llama.enabled or summarizer.localUrl." }}
{{- end }}
{{- if and .downloader.enabled (eq .tests.provider "openai") (not .transcriberOpenai.enabled) }}
{{- fail "tests.provider is openai, but transcriberOpenai.enabled is false." }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.validate.nats" -}}
{{- $nats := .Values.nats -}}
{{- if $nats.embedded.enabled }}
{{- if $nats.external.url }}
{{- fail (printf "nats.embedded.enabled is true and nats.external.url is %q: choose one." $nats.external.url) }}
{{- end }}
{{- $replicas := include "podline.nats.streamReplicas" . | int }}
{{- if gt $replicas (int $nats.embedded.replicas) }}
{{- fail (printf "nats.streamReplicas is %d, but nats.embedded.replicas is %d: a stream can't have more copies than there are servers." $replicas (int $nats.embedded.replicas)) }}
{{- end }}
{{- $live := lookup "apps/v1" "StatefulSet" .Release.Namespace (include "podline.nats.name" .) }}
{{- $servers := dig "spec" "replicas" 0 ($live | default dict) | int }}
{{- if and $servers (ne $servers (int $nats.embedded.replicas)) }}
{{- fail (printf "nats.embedded.replicas is %d, but %d run: their data would be lost. How to go from one to three, or back: docs/operating.md, One NATS server, or three." (int $nats.embedded.replicas) $servers) }}
{{- end }}
{{- if and $nats.embedded.tls.enabled (not $nats.embedded.tls.secretName) }}
{{- fail "nats.embedded.tls.enabled needs nats.embedded.tls.secretName: a Secret with tls.crt, tls.key and ca.crt." }}
{{- end }}
{{- $wanted := include "podline.streamBytes" . | int64 }}
{{- $room := include "podline.nats.storeBytes" . | int64 }}
{{- if gt $wanted $room }}
{{- fail (printf "streams may take %d MiB, but nine tenths of nats.embedded.persistence.size (%s) are %d MiB: raise it, or lower streams.audioMaxBytes or streams.resultsMaxBytes." (div $wanted 1048576) $nats.embedded.persistence.size (div $room 1048576)) }}
{{- end }}
{{- if semverCompare "<2.12.3" (regexFind "^[0-9]+\\.[0-9]+\\.[0-9]+" $nats.embedded.image.tag | default "99.0.0") }}
{{- fail (printf "nats.embedded.image.tag is %s: podline needs nats-server 2.12.3 or newer in a cluster." $nats.embedded.image.tag) }}
{{- end }}
{{- else }}
{{- if not $nats.external.url }}
{{- fail "There is no NATS: enable nats.embedded, or set nats.external.url." }}
{{- end }}
{{- $keys := $nats.external.keys }}
{{- if and (or $keys.user $keys.password $keys.token $keys.credentials) (not $nats.external.existingSecret) }}
{{- fail "nats.external.keys names keys of a Secret, but nats.external.existingSecret is empty." }}
{{- end }}
{{- if and $nats.external.existingSecret (not (or $keys.user $keys.token $keys.credentials)) }}
{{- fail "nats.external.existingSecret is set, but nats.external.keys says of no key what it is: set user and password, token, or credentials." }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.validate.whisper" -}}
{{- with .Values.transcriberWhisper }}
{{- if .enabled }}
{{- $table := $.Files.Get "files/models.json" | fromJson }}
{{- range .models }}
{{- if not (hasKey $table .) }}
{{- if not (and (eq $.Values.transcriberWhisper.modelCache.type "claim") $.Values.transcriberWhisper.modelCache.existingClaim) }}
{{- fail (printf "transcriberWhisper.models: %q is not a model podline knows; `podline model list` and models/README.md list them. One of your own goes into a claim as ggml-%s.bin: name the claim in transcriberWhisper.modelCache.existingClaim, with type claim." . .) }}
{{- end }}
{{- if not (and (dig "requests" "memory" "" $.Values.transcriberWhisper.resources) (dig "limits" "memory" "" $.Values.transcriberWhisper.resources)) }}
{{- fail (printf "transcriberWhisper.models: %q is a model of your own, whose need of memory podline doesn't know: set memory in transcriberWhisper.resources.requests and limits." .) }}
{{- end }}
{{- end }}
{{- end }}
{{- $cpu := dig "limits" "cpu" "" .resources }}
{{- if $cpu }}
{{- $threads := mul .workers .threads }}
{{- if gt (mul $threads 1000) (include "podline.millicpu" $cpu | int64) }}
{{- fail (printf "transcriberWhisper: %d workers x %d threads need a CPU limit of %d, but resources.limits.cpu is %s: more threads than CPUs make decoding many times slower." (int .workers) (int .threads) $threads (toString $cpu)) }}
{{- end }}
{{- end }}
{{- $memory := dig "limits" "memory" "" .resources }}
{{- if $memory }}
{{- $needed := include "podline.whisper.memoryMi" $ | int64 }}
{{- if and (regexMatch "^[0-9]+(Ki|Mi|Gi|Ti)$" (toString $memory)) (lt (include "podline.bytes" $memory | int64) (mul $needed 1048576)) }}
{{- fail (printf "transcriberWhisper.resources.limits.memory is %s, but %d workers with %s need %dMi: raise it, leave it out, or lower workers." $memory (int .workers) (join ", " .models) $needed) }}
{{- end }}
{{- end }}
{{- $shared := and (eq .modelCache.type "claim") (not .modelCache.existingClaim) (ne .modelCache.accessMode "ReadWriteMany") }}
{{- $settings := include "podline.settings" (list $ "transcriberWhisper") | fromYaml }}
{{- $most := ternary $settings.replicas $settings.autoscaling.maxReplicas (eq $settings.autoscaling.mode "none") }}
{{- if and $shared (gt (int $most) 1) }}
{{- fail (printf "transcriberWhisper: %d pods can't share a claim with accessMode %s: use ReadWriteMany, or modelCache.type emptyDir." (int $most) .modelCache.accessMode) }}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.validate.autoscaling" -}}
{{- range $component := list "downloader" "transcriberWhisper" "transcriberOpenai" "summarizer" }}
{{- if (index $.Values $component).enabled }}
{{- with (include "podline.settings" (list $ $component) | fromYaml).autoscaling }}
{{- if ne .mode "none" }}
{{- if gt (int .minReplicas) (int .maxReplicas) }}
{{- fail (printf "%s.autoscaling: minReplicas (%d) is more than maxReplicas (%d)." $component (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- if and (eq .mode "hpa") (eq (int .minReplicas) 0) }}
{{- fail (printf "%s.autoscaling: an HPA can't scale to zero; set minReplicas to 1, or mode to keda." $component) }}
{{- end }}
{{- if and (eq .mode "hpa") (eq $component "transcriberOpenai") }}
{{- fail "transcriberOpenai.autoscaling.mode is hpa: its pods wait for an API and use no CPU. Use keda or none." }}
{{- end }}
{{- if and (eq .mode "keda") (not (include "podline.nats.monitoringEndpoint" $)) }}
{{- fail (printf "%s.autoscaling.mode is keda, which asks NATS' monitoring: set nats.external.monitoringEndpoint." $component) }}
{{- end }}
{{- $feeds := $.Values.openai.limits.transcription.maxConcurrent }}
{{- if and (eq $component "transcriberOpenai") (gt (int .maxReplicas) (int $feeds)) }}
{{- fail (printf "transcriberOpenai.autoscaling.maxReplicas is %d, but openai.limits.transcription.maxConcurrent lets %d calls run at once: more pods than that can never be fed." (int .maxReplicas) (int $feeds)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- if ne (include "podline.settings" (list . "caretaker") | fromYaml).autoscaling.mode "none" }}
{{- if ne (dig "autoscaling" "mode" "" .Values.caretaker) "" }}
{{- fail "caretaker.autoscaling: the caretaker does not scale; one pod is the norm." }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "podline.validate.others" -}}
{{- with .Values }}
{{- if and (eq .storage.type "s3") (not .storage.s3.bucket) }}
{{- fail "storage.type is s3, which needs storage.s3.bucket." }}
{{- end }}
{{- if and .monitoring.podMonitor.enabled .monitoring.serviceMonitor.enabled }}
{{- fail "monitoring.podMonitor and monitoring.serviceMonitor are both enabled: every metric would be counted twice. Choose one." }}
{{- end }}
{{- if and .llama.enabled (not .llama.model.url) (not .llama.model.existingClaim) }}
{{- fail "llama.enabled needs a model: set llama.model.url and llama.model.sha256, or llama.model.existingClaim." }}
{{- end }}
{{- if and .llama.enabled .llama.model.url (not .llama.model.sha256) }}
{{- fail "llama.model.url needs llama.model.sha256: what is downloaded must be what you chose." }}
{{- end }}
{{- end }}
{{- end -}}
