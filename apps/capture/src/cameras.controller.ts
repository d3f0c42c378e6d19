import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { CamerasChanged } from '@regulars/contracts';
import { Fleet } from './fleet.js';

@Controller()
export class CamerasController {
  constructor(private readonly fleet: Fleet) {}

  @EventPattern<string>(CamerasChanged.key)
  async onCamerasChanged(): Promise<void> {
    await this.fleet.refresh();
  }
}
