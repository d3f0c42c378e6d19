import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';

/** Counts the requests of an address over all routes. Comes before the token is looked at. */
@Injectable()
export class RequestThrottle extends ThrottlerGuard {
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(context.getType() !== 'http');
  }

  protected override generateKey(_context: ExecutionContext, address: string, name: string): string {
    return `${name} ${address}`;
  }
}
