import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { childPids } from '#shared/process/read-children';
import type { ServiceName } from '../../apps/cli/src/stack/local-stack.ts';
import { type ServiceReplica, startReplica } from '../support/service-replica.ts';

/** Time before an ended replica is started again, in milliseconds. */
const RESTART_MS = 100;

interface Seat {
  name: ServiceName;
  replica: ServiceReplica;
  ready: boolean;
  url: string | undefined;
}

/** A process to be killed. */
export interface Victim {
  /** Of the service, or `engine`. */
  name: string;
  pid: number;
  kill: () => void;
}

/** The replicas of all services, each started again whenever it ends, as a kubelet would. */
export class Fleet {
  readonly #env: Record<string, string>;
  readonly #logs: string;
  readonly #seats: Seat[] = [];
  #stopping = false;
  /** Replicas that ended although nobody had ended them. */
  readonly crashes: string[] = [];
  readonly #expected = new Set<number>();

  constructor(env: Record<string, string>, logs: string) {
    this.#env = env;
    this.#logs = logs;
  }

  async start(names: readonly ServiceName[], replicas: number): Promise<void> {
    for (const name of names) {
      for (let number = 0; number < replicas; number++) {
        const seat = { name, replica: this.#launch(name), ready: false, url: undefined };
        this.#seats.push(seat);
        void this.#keep(seat);
      }
    }
    await this.untilReady();
  }

  /** Replicas that say they are ready. */
  get ready(): readonly ServiceReplica[] {
    return this.#seats.filter((seat) => seat.ready && seat.replica.alive()).map(({ replica }) => replica);
  }

  /**
   * Those of them that may be killed, and their engines; none while most of the fleet starts. Not their tools: an ffmpeg lives for
   * as long as a kill takes to come, and audio that has it killed five times is rightly given up.
   */
  async victims(): Promise<Victim[]> {
    const { ready } = this;
    // Else a slow machine kills each replica as it comes, and nothing is ever at work.
    if (2 * ready.length < this.#seats.length) return [];
    const replicas = ready.map((replica) => ({
      name: replica.name,
      pid: replica.pid,
      kill: () => this.signal(replica, 'SIGKILL'),
    }));
    const transcribers = ready.filter(({ name }) => name === 'transcriber-whisper');
    return [...replicas, ...(await Promise.all(transcribers.map(({ pid }) => enginesOf(pid)))).flat()];
  }

  /** Origins of what the replicas that are ready show, and of those that were until a moment ago. */
  get urls(): readonly string[] {
    return this.#seats.flatMap(({ url }) => url ?? []);
  }

  get replicas(): readonly ServiceReplica[] {
    return this.#seats.map(({ replica }) => replica);
  }

  async untilReady(): Promise<void> {
    while (this.#seats.some((seat) => !seat.ready)) await delay(50);
  }

  signal(replica: ServiceReplica, signal: NodeJS.Signals): void {
    this.#expected.add(replica.pid);
    replica.signal(signal);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const { replica } of this.#seats) this.signal(replica, 'SIGKILL');
    await Promise.all(this.#seats.map(({ replica }) => replica.ended));
  }

  #launch(name: ServiceName): ServiceReplica {
    return startReplica(name, this.#env, join(this.#logs, `${name}.log`));
  }

  async #keep(seat: Seat): Promise<void> {
    while (!this.#stopping) {
      const { replica } = seat;
      replica.ready.then(
        (url) => {
          if (seat.replica === replica) Object.assign(seat, { ready: true, url });
        },
        () => undefined,
      );
      await replica.ended;
      seat.ready = false;
      if (!this.#expected.has(replica.pid)) this.crashes.push(`${replica.name} ${replica.pid}`);
      await delay(RESTART_MS);
      if (!this.#stopping) seat.replica = this.#launch(seat.name);
    }
  }
}

async function enginesOf(parent: number): Promise<Victim[]> {
  const pids = await childPids(parent, (path) => readFile(path, 'utf8'));
  return pids.map((pid) => ({ name: 'engine', pid, kill: () => killIfThere(pid) }));
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
