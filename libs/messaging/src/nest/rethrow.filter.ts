import { Catch, type ExceptionFilter } from '@nestjs/common';

/** Lets what a handler threw through as it is. Without it Nest turns every error into "Internal server error",
 *  and no error would be told from another. */
@Catch()
export class RethrowFilter implements ExceptionFilter {
  catch(error: unknown): never {
    throw error;
  }
}
