import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RegularsError } from '@regulars/contracts';
import type { HttpRequest } from '../http/exchange.js';
import { SignIn } from './sign-in.js';

type Access = 'tills' | 'signed';
const ACCESS = 'regulars:access';

/** A till's token is enough for this route. */
export const ForTills = () => SetMetadata(ACCESS, 'tills' satisfies Access);
/** No token: whoever sends to this route signs what it sends, and the route checks that itself. */
export const ForSigned = () => SetMetadata(ACCESS, 'signed' satisfies Access);

/** Lets nobody to any route without a token, and tills to theirs only. The socket checks its own handshake
 *  (live.gateway.ts). */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    private readonly signIn: SignIn,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const places = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, places);
    await admit(this.signIn, context.switchToHttp().getRequest<HttpRequest>(), access);
    return true;
  }
}

/** Notes who asks.
 *  @param access as the route says; undefined: owners only
 *  @throws RegularsError TOKEN_MISSING, TOKEN_UNKNOWN, TOKEN_FORBIDDEN, RATE_LIMITED */
export async function admit(signIn: SignIn, request: HttpRequest, access: Access | undefined): Promise<void> {
  if (access === 'signed') return;
  const holder = await signIn.checkHeader(request.headers.authorization, request.ip ?? '');
  if (holder.role === 'till' && access !== 'tills') throw new RegularsError('TOKEN_FORBIDDEN');
  request.holder = holder;
}
