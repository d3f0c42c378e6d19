import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerUpdated, GalleryChanged, SightingsReassigned } from '@regulars/contracts';
import { Sessions } from '../frames/sessions.js';
import { GalleryKeeper } from './gallery-keeper.js';
import { StaffRoll } from './staff-roll.js';

@Controller()
export class GalleryController {
  constructor(
    private readonly keeper: GalleryKeeper,
    private readonly staff: StaffRoll,
    private readonly sessions: Sessions,
  ) {}

  @EventPattern<string>(GalleryChanged.key)
  async onGalleryChanged(@Payload() { customerId }: GalleryChanged): Promise<void> {
    await this.keeper.readCustomer(customerId);
  }

  @EventPattern<string>(CustomerUpdated.key)
  async onCustomerUpdated(@Payload() { customerId, change }: CustomerUpdated): Promise<void> {
    if (change === 'erased') await this.keeper.forget(customerId);
    await this.staff.read();
  }

  /** Whose past sightings strangers' are concerns analytics; who was recognised wrongly is not recognised again. */
  @EventPattern<string>(SightingsReassigned.key)
  onReassigned(@Payload() { visitor, sightingIds }: SightingsReassigned): void {
    if (visitor.kind !== 'stranger') return;
    for (const sightingId of sightingIds) this.sessions.deny(sightingId, visitor.notCustomerId);
  }
}
