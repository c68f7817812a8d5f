import type { Release } from './release.ts';
import { kubectl } from './run-tool.ts';

interface PodList {
  items: {
    metadata: { name: string; labels: Record<string, string>; deletionTimestamp?: string };
    status: { phase: string; containerStatuses?: { restartCount: number; ready: boolean }[] };
  }[];
}

export interface PodState {
  name: string;
  component: string;
  ready: boolean;
  restarts: number;
}

/** The release's pods that are meant to stay, as the API server sees them. */
export async function podsOf(release: Release, component?: string): Promise<PodState[]> {
  const { items } = await release.kubectlJson<PodList>('get', 'pods');
  return items
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.phase !== 'Succeeded')
    .map(({ metadata, status }) => ({
      name: metadata.name,
      component: metadata.labels['app.kubernetes.io/component'] ?? '',
      ready: status.containerStatuses?.every(({ ready }) => ready) ?? false,
      restarts: status.containerStatuses?.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? 0,
    }))
    .filter((pod) => component === undefined || pod.component === component);
}

export interface Usage {
  pod: string;
  memoryBytes: number;
  /** Average over the kubelet's last measurements (about 10 s), in cores. */
  cpuCores: number;
}

interface Summary {
  pods: {
    podRef: { name: string; namespace: string };
    containers?: { memory?: { workingSetBytes?: number }; cpu?: { usageNanoCores?: number } }[];
  }[];
}

/** Memory and CPU of the release's pods, as the kubelet measures them. */
export async function usageOf({ namespace }: Release): Promise<Usage[]> {
  const node = (await kubectl('get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}')).trim();
  const text = await kubectl('get', '--raw', `/api/v1/nodes/${node}/proxy/stats/summary`);
  return (JSON.parse(text) as Summary).pods
    .filter(({ podRef }) => podRef.namespace === namespace)
    .map(({ podRef, containers = [] }) => ({
      pod: podRef.name,
      memoryBytes: containers.reduce((sum, { memory }) => sum + (memory?.workingSetBytes ?? 0), 0),
      cpuCores: containers.reduce((sum, { cpu }) => sum + (cpu?.usageNanoCores ?? 0), 0) / 1e9,
    }));
}
