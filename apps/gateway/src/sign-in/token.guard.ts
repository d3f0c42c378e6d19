import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { HttpRequest } from '../http/exchange.js';
import { SignIn } from './sign-in.js';

/** Lets nobody to any route without a token. The socket checks its own handshake (live.gateway.ts). */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(private readonly signIn: SignIn) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    await this.signIn.checkHeader(request.headers.authorization, request.ip ?? '');
    return true;
  }
}
