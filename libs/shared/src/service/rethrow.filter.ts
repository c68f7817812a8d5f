import { type ArgumentsHost, Catch } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';

/**
 * Hands a handler's error to the transport as it was thrown. Without it, Nest turns every error that is not its own
 * into "Internal server error", and settling could not tell a bad message from a broken network.
 */
@Catch()
export class RethrowFilter extends BaseExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): void | Observable<never> {
    if (host.getType() === 'rpc') return throwError(() => exception);
    return super.catch(exception, host);
  }
}
