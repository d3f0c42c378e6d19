import { TEST_SERVICES } from '../tools/services.mjs';

/** Which of the test services this machine has, by name. */
export async function machine(): Promise<Record<string, boolean>> {
  const entries = await Promise.all(
    TEST_SERVICES.filter(({ optional }) => optional !== true).map(
      async ({ name, present }) => [name, await present()] as const,
    ),
  );
  return Object.fromEntries(entries);
}
