/** An answer other than 200, in the body shape of the real API: `{ error: { message, type, param, code } }`. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: { error: { message: string; type: string; param: string | null; code: string | null } };
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    details: {
      type?: string | undefined;
      param?: string | undefined;
      code?: string | undefined;
      headers?: Record<string, string> | undefined;
    } = {},
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.headers = details.headers ?? {};
    this.body = {
      error: {
        message,
        type: details.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
        param: details.param ?? null,
        code: details.code ?? null,
      },
    };
  }
}

export function invalidKey(): ApiError {
  return new ApiError(401, 'Incorrect API key provided.', { code: 'invalid_api_key' });
}

export function unknownModel(model: string): ApiError {
  return new ApiError(404, `The model \`${model}\` does not exist or you do not have access to it.`, {
    code: 'model_not_found',
  });
}

export function insufficientQuota(): ApiError {
  return new ApiError(429, 'You exceeded your current quota, please check your plan and billing details.', {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
  });
}

/** @param retryAfterMs when the caller may try again; sent as `retry-after` (whole seconds, up) and `retry-after-ms`. */
export function rateLimited(dimension: string, limit: number, retryAfterMs: number): ApiError {
  const seconds = Math.max(0, retryAfterMs) / 1000;
  return new ApiError(
    429,
    `Rate limit reached on ${dimension}: Limit ${limit}. Please try again in ${seconds.toFixed(3)}s.`,
    {
      type: dimension,
      code: 'rate_limit_exceeded',
      headers: { 'retry-after': String(Math.ceil(seconds)), 'retry-after-ms': String(Math.ceil(seconds * 1000)) },
    },
  );
}
