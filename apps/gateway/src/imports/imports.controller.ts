import {
  Body,
  Controller,
  Get,
  Param,
  Post,
  Query,
  Res,
  UploadedFile,
  UseInterceptors,
} from '@nestjs/common';
import { ImportId, type ImportView, PageQuery, type PageView, RegularsError } from '@regulars/contracts';
import type { ImportRecord } from '@regulars/persistence';
import type { HttpResponse } from '../http/exchange.js';
import { Repositories } from '../services.js';
import { ImportUpload } from './import-upload.interceptor.js';
import { Importer } from './importer.js';

@Controller('v1/imports')
export class ImportsController {
  constructor(
    private readonly importer: Importer,
    private readonly repositories: Repositories,
  ) {}

  @Post()
  @UseInterceptors(ImportUpload)
  async begin(
    @UploadedFile() file: { readonly path: string } | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ImportView> {
    if (file === undefined)
      throw new RegularsError('REQUEST_INVALID', { file: 'expected a file as multipart/form-data' });
    const { record, isNew } = await this.importer.begin(file.path, body);
    response.statusCode = isNew ? 202 : 200;
    return viewOf(record);
  }

  @Get()
  async list(@Query({ schema: PageQuery }) page: PageQuery): Promise<PageView<ImportView>> {
    const { items, nextCursor } = await this.repositories.imports.list(page);
    return { items: items.map(viewOf), nextCursor };
  }

  @Get(':importId')
  async get(@Param('importId', { schema: ImportId }) importId: string): Promise<ImportView> {
    const record = await this.repositories.imports.get(importId);
    if (record === null) throw new RegularsError('IMPORT_NOT_FOUND', { importId });
    return viewOf(record);
  }
}

function viewOf({ fileHash: _fileHash, ...view }: ImportRecord): ImportView {
  return view;
}
