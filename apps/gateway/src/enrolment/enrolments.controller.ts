import {
  Body,
  Controller,
  HttpStatus,
  Inject,
  Post,
  Query,
  Res,
  UploadedFiles,
  UseInterceptors,
} from '@nestjs/common';
import { FilesInterceptor } from '@nestjs/platform-express';
import {
  EnrolmentPerson,
  EnrolmentQuery,
  type PersonEnrolment,
  RegularsError,
  type Telemetry,
} from '@regulars/contracts';
import type { Broker, Publisher } from '@regulars/messaging';
import { memoryStorage } from 'multer';
import type { HttpResponse } from '../http/exchange.js';
import { requestInvalid } from '../http/validation.js';
import { BROKER, PUBLISHER, Repositories } from '../services.js';
import { TELEMETRY } from '../telemetry.js';
import { enrolPerson } from './person-enrolment.js';
import { photographsOf } from './photographs.controller.js';
import { MAX_PHOTOGRAPH_BYTES, MAX_PHOTOGRAPHS, UploadLimits } from './upload-limits.interceptor.js';

const PERSON_BYTES = 4_096;

/** A person with photographs in one request, as an import sends them. */
@Controller('v1/enrolments')
export class EnrolmentsController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(PUBLISHER) private readonly publisher: Publisher,
    @Inject(BROKER) private readonly broker: Broker,
    @Inject(TELEMETRY) private readonly telemetry: Telemetry,
  ) {}

  @Post()
  @UseInterceptors(
    UploadLimits,
    FilesInterceptor('photographs', MAX_PHOTOGRAPHS, {
      storage: memoryStorage(),
      limits: {
        fileSize: MAX_PHOTOGRAPH_BYTES,
        files: MAX_PHOTOGRAPHS,
        fields: 1,
        fieldSize: PERSON_BYTES,
        headerPairs: 20,
      },
    }),
  )
  async enrol(
    @UploadedFiles() files: readonly { readonly buffer: Buffer }[] | undefined,
    @Body() body: { readonly person?: unknown } | undefined,
    @Query({ schema: EnrolmentQuery }) query: EnrolmentQuery,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<PersonEnrolment> {
    const person = personOf(body?.person);
    const { customers } = this.repositories;
    const desk = { customers, broker: this.broker, publisher: this.publisher };
    const result = await enrolPerson(desk, person, photographsOf(files ?? []), query);
    this.telemetry.meter.count('regulars_people_enrolled_total', { result: result.outcome });
    response.statusCode = STATUS[result.outcome];
    return result;
  }
}

const STATUS = {
  enrolled: HttpStatus.CREATED,
  refused: HttpStatus.UNPROCESSABLE_ENTITY,
  tried: HttpStatus.OK,
} as const;

/** @throws RegularsError REQUEST_INVALID naming the fields of the person */
function personOf(field: unknown): EnrolmentPerson {
  if (typeof field !== 'string')
    throw new RegularsError('REQUEST_INVALID', { person: 'expected a field with the person as JSON' });
  const parsed = EnrolmentPerson.safeParse(parseJson(field));
  if (!parsed.success) throw requestInvalid(parsed.error.issues, 'person');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RegularsError('REQUEST_INVALID', { person: 'is no JSON' }, { cause: error });
  }
}
