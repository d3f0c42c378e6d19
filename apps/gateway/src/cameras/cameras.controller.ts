import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post } from '@nestjs/common';
import {
  CameraChange,
  CameraId,
  CamerasChanged,
  type CameraView,
  NewCamera,
  type PageView,
  RegularsError,
} from '@regulars/contracts';
import type { Publisher } from '@regulars/messaging';
import { LivePictures } from '../pictures/live-pictures.js';
import { PUBLISHER, Repositories } from '../services.js';
import { CAMERA_RULES, type CameraRules, checkCameraSource } from './camera-rules.js';

const BY_ID = { schema: CameraId };

@Controller('v1/cameras')
export class CamerasController {
  constructor(
    private readonly repositories: Repositories,
    private readonly pictures: LivePictures,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
    @Inject(CAMERA_RULES) private readonly rules: CameraRules,
  ) {}

  @Post()
  async add(@Body({ schema: NewCamera }) camera: NewCamera): Promise<CameraView> {
    checkCameraSource(camera.source, this.rules);
    const view = await this.repositories.cameras.add(camera, new Date().toISOString());
    await this.tell(camera.cameraId, 'added');
    return view;
  }

  @Get()
  async list(): Promise<PageView<CameraView>> {
    return { items: await this.repositories.cameras.list(), nextCursor: null };
  }

  @Get(':cameraId')
  async get(@Param('cameraId', BY_ID) cameraId: string): Promise<CameraView> {
    const camera = await this.repositories.cameras.get(cameraId);
    if (camera === null) throw new RegularsError('CAMERA_NOT_FOUND', { cameraId });
    return camera;
  }

  @Patch(':cameraId')
  async change(
    @Param('cameraId', BY_ID) cameraId: string,
    @Body({ schema: CameraChange }) change: CameraChange,
  ): Promise<CameraView> {
    if (change.source !== undefined) checkCameraSource(change.source, this.rules);
    const view = await this.repositories.cameras.change(cameraId, change);
    await this.tell(cameraId, 'changed');
    return view;
  }

  @Delete(':cameraId')
  @HttpCode(204)
  async remove(@Param('cameraId', BY_ID) cameraId: string): Promise<void> {
    const existed = await this.repositories.cameras.remove(cameraId);
    if (!existed) throw new RegularsError('CAMERA_NOT_FOUND', { cameraId });
    this.pictures.forget(cameraId);
    await this.tell(cameraId, 'removed');
  }

  private async tell(cameraId: string, change: CamerasChanged['change']): Promise<void> {
    await this.publisher.publish(CamerasChanged, { cameraId, change, changedAt: new Date().toISOString() });
  }
}
