import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import {
  AttendanceFileQuery,
  AttendanceQuery,
  type AttendanceView,
  type PageView,
  VisitQuery,
  type VisitView,
} from '@regulars/contracts';
import type { Attendance, VisitRecord } from '@regulars/persistence';
import { Repositories, TIME_ZONE } from '../services.js';
import { ATTENDANCE_HEADER, attendanceLine, clockTime } from './attendance-csv.js';
import { aroundStart, togetherWith } from './groups.js';
import { attendanceViewOf, visitViewOf } from './visit-views.js';

/** Lines of a file that are read at a time. */
const LINES_AT_ONCE = 500;

@Controller('v1')
export class VisitsController {
  constructor(
    private readonly repositories: Repositories,
    @Inject(TIME_ZONE) private readonly timeZone: string,
  ) {}

  @Get('visits')
  async visits(@Query({ schema: VisitQuery }) query: VisitQuery): Promise<PageView<VisitView>> {
    const { visits, customers } = this.repositories;
    const { items, nextCursor } = await visits.list(query);
    const found = items.map(({ visit }) => visit);
    const known = found.flatMap(({ visitor }) => (visitor.kind === 'customer' ? [visitor.customerId] : []));
    const names = await customers.names(known);
    const views = found.map(async (visit) => visitViewOf(visit, names, await this.together(visit)));
    return { items: await Promise.all(views), nextCursor };
  }

  private async together(visit: VisitRecord): Promise<string[]> {
    const others: VisitRecord[] = [];
    const { visits } = this.repositories;
    for await (const other of visits.byTimeRange(visit.storeId, aroundStart(visit))) others.push(other.visit);
    return togetherWith(visit, others);
  }

  @Get('attendance')
  async attendance(
    @Query({ schema: AttendanceQuery }) query: AttendanceQuery,
  ): Promise<PageView<AttendanceView>> {
    const { attendance, customers } = this.repositories;
    const { items, nextCursor } = await attendance.list(query);
    const names = await customers.names(items.map(({ customerId }) => customerId));
    return { items: items.map((item) => attendanceViewOf(item, names)), nextCursor };
  }

  /** The first lines are read before anything is sent, so that a store that is away gives an error answer
   *  instead of half a file. */
  @Get('attendance.csv')
  async attendanceFile(
    @Query({ schema: AttendanceFileQuery }) query: AttendanceFileQuery,
  ): Promise<StreamableFile> {
    const lines = this.lines(query);
    const first = await lines.next();
    async function* file(): AsyncGenerator<Buffer> {
      yield Buffer.from(ATTENDANCE_HEADER + (first.done ? '' : first.value));
      for await (const more of lines) yield Buffer.from(more);
    }
    return new StreamableFile(Readable.from(file(), { objectMode: false }), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: 'attachment; filename="attendance.csv"',
    });
  }

  /** Some lines at a time, the oldest day first. */
  private async *lines(query: AttendanceFileQuery): AsyncGenerator<string> {
    const { attendance, customers } = this.repositories;
    const timeOf = clockTime(this.timeZone);
    let some: Attendance[] = [];
    const write = async () => {
      const names = await customers.names(some.map(({ customerId }) => customerId));
      return some.map((item) => attendanceLine(attendanceViewOf(item, names), timeOf)).join('');
    };
    for await (const item of attendance.each(query)) {
      some.push(item);
      if (some.length < LINES_AT_ONCE) continue;
      yield await write();
      some = [];
    }
    yield await write();
  }
}
