import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import {
  IdentityBudgetChange,
  type IdentityBudgetView,
  IdentityDenial,
  type IdentityDenied,
  RegularsError,
  SightingId,
  SightingsReassigned,
} from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import type { IdentityTally } from '@regulars/persistence';
import { PUBLISHER, Repositories, WRONG_PER_WEEK } from '../services.js';

/** How wrong recognition may be, how wrong it is, and where it was. */
@Controller('v1')
export class IdentityController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
    @Inject(WRONG_PER_WEEK) private readonly wrongPerWeek: number,
  ) {}

  @Get('identity/budget')
  async budget(): Promise<IdentityBudgetView> {
    const { identity } = this.repositories;
    const wrongPerWeek = (await identity.wrongPerWeek()) ?? this.wrongPerWeek;
    const state = await identity.state();
    const predicted = state && state.predictedFpir * state.passesPerWeek;
    const observed = observedOf(await identity.lastWeek(Date.now()));
    return { wrongPerWeek, state, predictedWrongPerWeek: predicted, observed };
  }

  /** Recognition reads it within half a minute. */
  @Put('identity/budget')
  async setBudget(
    @Body({ schema: IdentityBudgetChange }) { wrongPerWeek }: IdentityBudgetChange,
  ): Promise<IdentityBudgetView> {
    await this.repositories.identity.setWrongPerWeek(wrongPerWeek);
    return this.budget();
  }

  /** "Not this person." Said again, it changes nothing. */
  @Post('sightings/:sightingId/not-this-person')
  @HttpCode(200)
  async deny(
    @Param('sightingId', { schema: SightingId }) sightingId: string,
    @Body({ schema: IdentityDenial }) { customerId }: IdentityDenial,
  ): Promise<IdentityDenied> {
    const { identity, sightings } = this.repositories;
    const stored = await sightings.get(sightingId);
    if (stored === null) throw new RegularsError('SIGHTING_NOT_FOUND', { sightingId });
    const known = await identity.denial(sightingId, customerId);
    const { decision, storeId } = stored.sighting;
    if (known === null && decision?.customerId !== customerId)
      throw new RegularsError('SIGHTING_OF_ANOTHER', { sightingId });
    const denial = known ?? { sightingId, customerId, deniedAt: new Date().toISOString() };
    const { deniedAt } = denial;
    // Told before it is kept: what was kept and never told would never be told again.
    const visitor = { kind: 'stranger', notCustomerId: customerId } as const;
    await this.publisher.publish(SightingsReassigned, {
      storeId,
      sightingIds: [sightingId],
      visitor,
      reassignedAt: deniedAt,
    });
    if (await identity.deny(denial)) await identity.count(Date.parse(deniedAt), { denied: 1 });
    return denial;
  }
}

function observedOf(days: readonly IdentityTally[]): IdentityBudgetView['observed'] {
  const sum = (key: keyof IdentityTally): number => days.reduce((total, day) => total + day[key], 0);
  const passes = sum('passes');
  const share = (value: number): number | null => (passes === 0 ? null : value / passes);
  return {
    passes,
    near: sum('near'),
    fpir: share(sum('near')),
    predictedFpir: share(sum('expected')),
    denied: sum('denied'),
  };
}
