import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CustomerUpdated, GalleryChanged } from '@regulars/contracts';
import { GalleryKeeper } from './gallery-keeper.js';
import { StaffRoll } from './staff-roll.js';

@Controller()
export class GalleryController {
  constructor(
    private readonly keeper: GalleryKeeper,
    private readonly staff: StaffRoll,
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
}
