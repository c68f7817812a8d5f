import { asError, PermanentError, PodlineError, RetryableError } from '#shared/errors';
import { errorCode } from './error-code.ts';
import { redactUrl } from './redact-url.ts';

/** OpenSSL's and Node's codes for a certificate that does not prove who the server is. */
const CERTIFICATE =
  /^(CERT_|CRL_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY|DECRYPT|DECODE)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|ERR_TLS_CERT_)/;

/** Codes of zlib and brotli for bytes that are not what Content-Encoding says. */
const UNDECODABLE = /^(Z_|ERR__ERROR_|ERR_BROTLI_|ERR_ZLIB_)/;

/** What went wrong on the wire, in the taxonomy. Node's own messages name hosts and addresses, never credentials. */
export function networkError(thrown: unknown, url: URL): PodlineError {
  if (thrown instanceof PodlineError) return thrown;
  const error = asError(thrown);
  const code = errorCode(thrown) ?? error.name;
  const where = redactUrl(url);
  if (code === 'ENOTFOUND') {
    return new PermanentError('host-not-found', `${where}: the host ${url.hostname} does not exist. Check the URL.`);
  }
  if (CERTIFICATE.test(code)) {
    return new PermanentError(
      'bad-certificate',
      `${where}: the server's certificate was refused (${code}). For a private authority set NODE_EXTRA_CA_CERTS.`,
    );
  }
  if (UNDECODABLE.test(code)) {
    return new PermanentError('bad-encoding', `${where} is not compressed as its Content-Encoding says (${code}).`);
  }
  return new RetryableError('connection-failed', `${where}: ${error.message || 'the connection failed'} (${code}).`, {
    cause: thrown,
  });
}
