import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Put,
  Query,
  StreamableFile,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import { FilesInterceptor } from '@nestjs/platform-express';
import {
  CropCorrection,
  CropId,
  CropQuery,
  type CropView,
  ExplainExpression,
  type ExpressionExplanationView,
  type HeadsView,
  ListHeads,
  type PageView,
  RegularsError,
  ServeHead,
  type ServeHeadRequest,
  type Telemetry,
  TrainHead,
} from '@regulars/contracts';
import type { Broker } from '@regulars/messaging';
import { memoryStorage } from 'multer';
import { MAX_PHOTOGRAPH_BYTES, UploadLimits } from '../enrolment/upload-limits.interceptor.js';
import { BROKER, Repositories } from '../services.js';
import { TELEMETRY } from '../telemetry.js';
import { askExpression } from './ask-expression.js';

const BY_ID = { schema: CropId };

/** Why faces were scored as they were, and what operators say of it. For owners only: what is seen here shows how
 *  single people looked. */
@Controller('v1/expressions')
export class ExpressionsController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  /** The picture goes to the expression service and is kept nowhere. */
  @Post('explanations')
  @HttpCode(200)
  @UseInterceptors(
    UploadLimits,
    FilesInterceptor('photographs', 1, {
      storage: memoryStorage(),
      limits: { fileSize: MAX_PHOTOGRAPH_BYTES, files: 1, fields: 0, headerPairs: 20 },
    }),
  )
  explain(
    @UploadedFiles() files: readonly { readonly buffer: Buffer }[] | undefined,
  ): Promise<ExpressionExplanationView> {
    const picture = files?.[0]?.buffer;
    if (picture === undefined || picture.byteLength === 0) {
      throw new RegularsError('REQUEST_INVALID', {
        photographs: 'expected one picture as multipart/form-data',
      });
    }
    return askExpression(this.broker, ExplainExpression, { boxPx: null }, picture);
  }

  @Get('crops')
  async crops(@Query({ schema: CropQuery }) query: CropQuery): Promise<PageView<CropView>> {
    const page = await this.repositories.crops.list(now(), query);
    return { items: [...page.items], nextCursor: page.nextCursor };
  }

  @Get('crops/:cropId/picture.jpg')
  async picture(@Param('cropId', BY_ID) cropId: string): Promise<StreamableFile> {
    const jpeg = await this.repositories.crops.picture(cropId, now());
    if (jpeg === null) throw new RegularsError('CROP_NOT_FOUND', { cropId });
    return new StreamableFile(jpeg, { type: 'image/jpeg' });
  }

  @Put('crops/:cropId/correction')
  async correct(
    @Param('cropId', BY_ID) cropId: string,
    @Body({ schema: CropCorrection }) correction: CropCorrection,
  ): Promise<CropView> {
    const crop = await this.repositories.crops.correct(cropId, correction.class, now());
    if (crop === null) throw new RegularsError('CROP_NOT_FOUND', { cropId });
    this.telemetry.meter.count('regulars_crops_kept_total', { result: 'corrected' });
    return crop;
  }

  @Delete('crops/:cropId')
  @HttpCode(204)
  async remove(@Param('cropId', BY_ID) cropId: string): Promise<void> {
    if (!(await this.repositories.crops.remove(cropId)))
      throw new RegularsError('CROP_NOT_FOUND', { cropId });
  }

  @Get('heads')
  heads(): Promise<HeadsView> {
    return askExpression(this.broker, ListHeads, {});
  }

  @Post('heads')
  train(): Promise<HeadsView> {
    return askExpression(this.broker, TrainHead, {});
  }

  @Put('heads/serving')
  serve(@Body({ schema: ServeHead.request }) request: ServeHeadRequest): Promise<HeadsView> {
    return askExpression(this.broker, ServeHead, request);
  }
}

const now = () => new Date().toISOString();
