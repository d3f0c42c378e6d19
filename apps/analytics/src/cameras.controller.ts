import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { CameraStatus } from '@regulars/contracts';
import { CameraBook } from './camera-book.js';

@Controller()
export class CamerasController {
  constructor(private readonly book: CameraBook) {}

  @EventPattern<string>(CameraStatus.key)
  onStatus(@Payload() status: CameraStatus): Promise<void> {
    return this.book.take(status);
  }
}
