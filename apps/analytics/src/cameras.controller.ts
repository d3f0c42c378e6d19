import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CameraStatus } from '@regulars/contracts';
import { CameraChangesRepository } from '@regulars/persistence';

@Controller()
export class CamerasController {
  constructor(private readonly changes: CameraChangesRepository) {}

  @EventPattern<string>(CameraStatus.key)
  onStatus(@Payload() { cameraId, storeId, state, since, fault }: CameraStatus): Promise<void> {
    return this.changes.enter({ cameraId, storeId, state, since, fault });
  }
}
