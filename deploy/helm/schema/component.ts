import { z } from 'zod';
import { asIs, countOrShare, listAsIs, name, resources, texts, whole } from './quantities.ts';

const probe = (minimumSeconds: number) =>
  z.strictObject({
    periodSeconds: whole(1, 300).optional(),
    timeoutSeconds: whole(1, 60).optional(),
    failureThreshold: whole(minimumSeconds, 1000).optional(),
  });

const autoscaling = z.strictObject({
  mode: z.enum(['none', 'hpa', 'keda']).optional(),
  minReplicas: whole(0, 1000).optional(),
  maxReplicas: whole(1, 1000).optional(),
  targetCPUUtilizationPercentage: whole(1, 1000).optional(),
  jobsPerReplica: whole(1, 100_000).optional(),
  cooldownSeconds: whole(0, 86_400).optional(),
  scaleDownStabilizationSeconds: whole(0, 3600).optional(),
});

/** What can be set for all components together and for each. */
export const podSettings = {
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).optional(),
  shutdownGraceSeconds: whole(0, 3600).optional(),
  revisionHistoryLimit: whole(0, 100).optional(),
  strategy: asIs().optional(),
  podDisruptionBudget: z
    .strictObject({
      enabled: z.boolean().optional(),
      maxUnavailable: countOrShare().optional(),
      minAvailable: countOrShare().nullable().optional(),
    })
    .optional(),
  probes: z
    .strictObject({
      startup: probe(1).optional(),
      readiness: probe(1).optional(),
      // Fewer would kill a pod for a moment of a busy CPU.
      liveness: probe(3).optional(),
    })
    .optional(),
  autoscaling: autoscaling.optional(),
  topologySpread: z
    .array(
      z.strictObject({
        topologyKey: z.string().min(1),
        maxSkew: whole(1, 100),
        whenUnsatisfiable: z.enum(['ScheduleAnyway', 'DoNotSchedule']),
      }),
    )
    .optional(),
  affinity: asIs().optional(),
  nodeSelector: texts().optional(),
  tolerations: listAsIs().optional(),
  priorityClassName: name().optional(),
  runtimeClassName: name().optional(),
  annotations: texts().optional(),
  podAnnotations: texts().optional(),
  podLabels: texts().optional(),
  extraEnv: listAsIs().optional(),
  extraEnvFrom: listAsIs().optional(),
  extraVolumes: listAsIs().optional(),
  extraVolumeMounts: listAsIs().optional(),
  podSecurityContext: asIs().optional(),
  securityContext: asIs().optional(),
  serviceAccount: z
    .strictObject({ create: z.boolean().optional(), name: name().optional(), annotations: texts().optional() })
    .optional(),
  extraEgress: listAsIs().optional(),
};

/** A stage, or the caretaker. */
export function component<Extra extends z.ZodRawShape>(config: z.ZodType, extra: Extra) {
  return z.strictObject({
    ...podSettings,
    enabled: z.boolean(),
    replicas: whole(0, 1000),
    resources: resources(),
    config,
    ...extra,
  });
}
