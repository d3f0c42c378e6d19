import { Controller, Get, Param, StreamableFile } from '@nestjs/common';
import { CameraId, RegularsError } from '@regulars/contracts';
import { Repositories } from '../services.js';
import { LivePictures } from './live-pictures.js';

@Controller('v1/cameras/:cameraId/picture.jpg')
export class PictureController {
  constructor(
    private readonly repositories: Repositories,
    private readonly pictures: LivePictures,
  ) {}

  @Get()
  async newest(@Param('cameraId', { schema: CameraId }) cameraId: string): Promise<StreamableFile> {
    const picture = this.pictures.newestOf(cameraId);
    if (picture !== null) return new StreamableFile(picture.jpeg, { type: 'image/jpeg' });
    const camera = await this.repositories.cameras.get(cameraId);
    throw new RegularsError(camera === null ? 'CAMERA_NOT_FOUND' : 'PICTURE_NOT_FOUND', { cameraId });
  }
}
