import {
  BadRequestException,
  HttpException,
  NotFoundException,
  PayloadTooLargeException,
} from '@nestjs/common';
import { ErrorBody, RegularsError, TransientError } from '@regulars/contracts';
import { describe, expect, it } from 'vitest';
import { errorAnswerOf } from './error-answer.js';

const parseError = Object.assign(new SyntaxError('Unexpected token'), { type: 'entity.parse.failed' });

describe('error answers', () => {
  it.each([
    [new RegularsError('CAMERA_EXISTS', { cameraId: 'door' }), 409, 'CAMERA_EXISTS', { cameraId: 'door' }],
    [new NotFoundException('Cannot GET /x'), 404, 'NOT_FOUND', {}],
    [new PayloadTooLargeException('File too large'), 413, 'REQUEST_TOO_LARGE', {}],
    [new HttpException('Too many', 429), 429, 'RATE_LIMITED', {}],
    [new BadRequestException('x', { cause: parseError }), 400, 'REQUEST_INVALID', { body: 'not valid JSON' }],
    [new HttpException('teapot', 418), 400, 'REQUEST_INVALID', { body: 'teapot' }],
    [new HttpException('upstream', 502), 500, 'INTERNAL', {}],
    [new Error('secret path /etc/x'), 500, 'INTERNAL', {}],
    ['a text', 500, 'INTERNAL', {}],
    [undefined, 500, 'INTERNAL', {}],
  ])('answers %s with %i %s', (thrown, status, code, fields) => {
    const answer = errorAnswerOf(thrown, 'req_1');
    expect(answer.status).toBe(status);
    expect(ErrorBody.parse(answer.body).error).toMatchObject({ code, fields, requestId: 'req_1' });
  });

  it('tells nothing of an unforeseen error', () => {
    const answer = errorAnswerOf(new Error('secret path /etc/x'), 'req_1');
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  it('says when to try again', () => {
    const away = errorAnswerOf(new TransientError('STORE_UNAVAILABLE'), 'req_1');
    expect([away.status, away.headers]).toEqual([503, { 'Retry-After': '5' }]);
    const limited = errorAnswerOf(new RegularsError('RATE_LIMITED', { retryAfterS: 42 }), 'req_1');
    expect([limited.status, limited.headers]).toEqual([429, { 'Retry-After': '42' }]);
  });

  it('says that the disk is full, and when to try again', () => {
    const full = errorAnswerOf(new TransientError('STORE_FULL'), 'req_1');
    expect([full.status, full.headers]).toEqual([507, { 'Retry-After': '5' }]);
    expect(ErrorBody.parse(full.body).error.code).toBe('STORE_FULL');
  });

  it('asks for a token as HTTP wants it', () => {
    const { headers } = errorAnswerOf(new RegularsError('TOKEN_MISSING'), 'req_1');
    expect(headers).toEqual({ 'WWW-Authenticate': 'Bearer realm="regulars"' });
  });
});
