/** What an answer has to look like: a JSON schema the server enforces, any JSON object, or plain text. */
export type AnswerFormat =
  { kind: 'schema'; name: string; schema: Record<string, unknown> } | { kind: 'json' } | { kind: 'text' };

export interface ChatMessage {
  role: 'system' | 'user';
  content: string;
}

export interface ChatRequest {
  model: string;
  messages: readonly ChatMessage[];
  /** Longest answer, in tokens. */
  maxTokens: number;
  format: AnswerFormat;
  /** Unset where the model takes none. */
  temperature?: number | undefined;
}

export interface ChatReply {
  text: string;
  /** Why the answer ended: of its own accord, at the longest answer, or because the model or a filter refuses. */
  finish: 'stop' | 'length' | 'refusal';
  /** What a refusing model said. */
  refusal?: string | undefined;
  promptTokens: number;
  completionTokens: number;
}

export interface ChatCall {
  signal: AbortSignal;
  /** Sees each answer's status and headers, refusals included, so that a limiter can learn from them. */
  onResponse?: ((status: number, headers: Headers) => void) | undefined;
}

/** The one thing a summarizer needs of a chat API. */
export interface ChatClient {
  /** @throws PermanentError, RetryableError or CancelledError. */
  complete(request: ChatRequest, call: ChatCall): Promise<ChatReply>;
}
