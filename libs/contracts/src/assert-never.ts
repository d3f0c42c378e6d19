/** Ends a switch over a union: a new member that is not handled fails to compile.
 *  @throws Error when a value outside its type arrives at run time */
export function assertNever(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
