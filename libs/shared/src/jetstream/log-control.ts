import { type Msg, type NatsConnection, nuid } from 'nats';
import {
  type LogLevelAnswer,
  logLevelAnswerSchema,
  type LogLevelRequest,
  logLevelRequestSchema,
} from '#shared/contracts/log-level';
import { answersSubject, LOG_LEVEL_SUBJECT } from '#shared/contracts/subjects';
import { HOST } from './publish.ts';

/** Lets a replica's log level be changed while it runs. Whoever may publish the subject may do so. @returns how to stop. */
export function obeyLogLevel(
  connection: NatsConnection,
  service: string,
  change: (request: LogLevelRequest) => void,
): () => void {
  const subscription = connection.subscribe(LOG_LEVEL_SUBJECT, {
    callback: (_error, message) => {
      const request = logLevelRequestSchema.safeParse(safeJson(message)).data;
      if (request === undefined || (request.service !== undefined && request.service !== service)) return;
      change(request);
      const until = new Date(Date.now() + request.seconds * 1000).toISOString();
      const answer: LogLevelAnswer = { v: 1, service, host: HOST, pid: process.pid, level: request.level, until };
      message.respond(JSON.stringify(answer));
    },
  });
  return () => subscription.unsubscribe();
}

/** Asks all replicas, and gathers the answers of those that heard within `waitMs`. */
export async function askLogLevel(
  connection: NatsConnection,
  request: LogLevelRequest,
  waitMs: number,
): Promise<LogLevelAnswer[]> {
  const answers: LogLevelAnswer[] = [];
  const reply = answersSubject(nuid.next());
  const subscription = connection.subscribe(reply, {
    callback: (_error, message) => {
      const answer = logLevelAnswerSchema.safeParse(safeJson(message)).data;
      if (answer !== undefined) answers.push(answer);
    },
  });
  connection.publish(LOG_LEVEL_SUBJECT, JSON.stringify(request), { reply });
  await new Promise((resolve) => setTimeout(resolve, waitMs));
  subscription.unsubscribe();
  return answers;
}

function safeJson(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
