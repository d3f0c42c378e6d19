import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  type IssuedTokenView,
  NewToken,
  type PageView,
  RegularsError,
  TokenId,
  type TokenView,
} from '@regulars/contracts';
import { Repositories } from '../services.js';
import { SignIn } from './sign-in.js';

@Controller('v1/tokens')
export class TokensController {
  constructor(
    private readonly repositories: Repositories,
    private readonly signIn: SignIn,
  ) {}

  @Post()
  async create(@Body({ schema: NewToken }) { name, role }: NewToken): Promise<IssuedTokenView> {
    const createdAt = new Date().toISOString();
    const issued = await this.repositories.tokens.issue(name, createdAt, role);
    return { ...issued, name, role, createdAt, revokedAt: null };
  }

  @Get()
  async list(): Promise<PageView<TokenView>> {
    return { items: await this.repositories.tokens.list(), nextCursor: null };
  }

  @Delete(':tokenId')
  @HttpCode(204)
  async revoke(@Param('tokenId', { schema: TokenId }) tokenId: string): Promise<void> {
    const { tokens } = this.repositories;
    const valid = (await tokens.list()).filter(({ revokedAt }) => revokedAt === null);
    const owners = valid.filter(({ role }) => role === 'owner');
    if (owners.length === 1 && owners[0]?.tokenId === tokenId) throw new RegularsError('TOKEN_LAST_OWNER');
    const isRevoked = await tokens.revoke(tokenId, new Date().toISOString());
    if (!isRevoked) throw new RegularsError('TOKEN_NOT_FOUND', { tokenId });
    this.signIn.forget(tokenId);
  }
}
