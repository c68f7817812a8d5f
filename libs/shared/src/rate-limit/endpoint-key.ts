import { PermanentError } from '#shared/errors';

/** Letters, digits and dashes, so that it fits into a KV key and a metric label. */
const NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export interface Endpoint {
  /** A name for the account whose limits these are, chosen by the operator: services that share a key share it. */
  account: string;
  /** Which of the account's limits: providers keep one for each model or kind of model. */
  class: string;
}

/**
 * What the keys of an endpoint begin with: `<account>.<class>`. Services with the same one share a calendar. It is
 * public: it shows up in subjects, metrics and logs, so anything that looks like a key is refused.
 * @throws PermanentError `bad-endpoint`
 */
export function endpointKey(endpoint: Endpoint): string {
  return `${checked('account', endpoint.account)}.${checked('limit class', endpoint.class)}`;
}

function checked(what: string, name: string): string {
  // A key put here by mistake must not be repeated in the message.
  if (/^(sk|pk|key|gsk|xai)-/i.test(name)) {
    throw new PermanentError('bad-endpoint', `The ${what} looks like an API key. Choose a name such as "openai".`);
  }
  if (NAME.test(name)) return name;
  throw new PermanentError(
    'bad-endpoint',
    `Expected the ${what} to be up to 40 lower-case letters, digits and dashes, got "${name.slice(0, 10)}${name.length > 10 ? '…' : ''}".`,
  );
}
