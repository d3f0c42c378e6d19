import {
  Controller,
  Delete,
  HttpCode,
  HttpStatus,
  Inject,
  Param,
  Post,
  Res,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import { FilesInterceptor } from '@nestjs/platform-express';
import { CustomerId, type EnrolmentResult, GalleryChanged, RegularsError } from '@regulars/contracts';
import type { Broker, Publisher } from '@regulars/messaging';
import { memoryStorage } from 'multer';
import { consentHolds } from '../customers/consent.js';
import { knownCustomer } from '../customers/customers.controller.js';
import type { HttpResponse } from '../http/exchange.js';
import { BROKER, PUBLISHER, Repositories } from '../services.js';
import { enrolPhotographs } from './enrolment.js';
import { MAX_PHOTOGRAPH_BYTES, MAX_PHOTOGRAPHS, UploadLimits } from './upload-limits.interceptor.js';

const BY_ID = { schema: CustomerId };

/** A file as multer read it into memory. */
interface UploadedFile {
  readonly buffer: Buffer;
}

@Controller('v1/customers/:customerId/photographs')
export class PhotographsController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
    @Inject(BROKER) private readonly broker: Broker,
  ) {}

  @Post()
  @UseInterceptors(
    UploadLimits,
    FilesInterceptor('photographs', MAX_PHOTOGRAPHS, {
      storage: memoryStorage(),
      limits: { fileSize: MAX_PHOTOGRAPH_BYTES, files: MAX_PHOTOGRAPHS, fields: 0, headerPairs: 20 },
    }),
  )
  async enrol(
    @Param('customerId', BY_ID) customerId: string,
    @UploadedFiles() files: readonly UploadedFile[] | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<EnrolmentResult> {
    const { consent } = await knownCustomer(this.repositories, customerId);
    if (!consentHolds(consent, new Date().toISOString())) {
      throw new RegularsError('CONSENT_MISSING', { customerId, until: consent?.until ?? null });
    }
    const result = await enrolPhotographs(this.broker, customerId, photographsOf(files ?? []));
    const isEnrolled = result.photographs.some(({ kind }) => kind === 'accepted');
    response.statusCode = isEnrolled ? HttpStatus.CREATED : HttpStatus.UNPROCESSABLE_ENTITY;
    return result;
  }

  @Delete()
  @HttpCode(204)
  async remove(@Param('customerId', BY_ID) customerId: string): Promise<void> {
    await knownCustomer(this.repositories, customerId);
    await this.repositories.templates.removeOfCustomer(customerId);
    const changedAt = new Date().toISOString();
    await this.publisher.publish(GalleryChanged, { customerId, change: 'removed', templates: 0, changedAt });
  }
}

/** @throws RegularsError REQUEST_INVALID when there is none, naming those that are empty */
export function photographsOf(files: readonly UploadedFile[]): Uint8Array[] {
  if (files.length === 0) {
    throw new RegularsError('REQUEST_INVALID', {
      photographs: `expected 1 to ${MAX_PHOTOGRAPHS} files as multipart/form-data`,
    });
  }
  const empty = files.flatMap(({ buffer }, index) => (buffer.byteLength === 0 ? [index] : []));
  if (empty.length > 0) {
    const fields = empty.map((index) => [`photographs.${index}`, 'the file is empty'] as const);
    throw new RegularsError('REQUEST_INVALID', Object.fromEntries(fields));
  }
  return files.map(({ buffer }) => buffer);
}
