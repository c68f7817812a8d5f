import { execa } from 'execa';

/** `kubectl` with these arguments. @returns what it prints. @throws with its own words when it fails. */
export async function kubectl(...args: string[]): Promise<string> {
  const { stdout } = await execa('kubectl', args);
  return stdout;
}

/** What `kubectl … -o json` says. */
export async function kubectlJson<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl(...args, '-o', 'json')) as T;
}

/** Gives `kubectl apply` manifests, as objects. */
export async function apply(...manifests: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: manifests };
  await execa('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(list) });
}

export async function helm(...args: string[]): Promise<string> {
  const { stdout } = await execa('helm', args);
  return stdout;
}
