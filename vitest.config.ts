import { defineConfig } from 'vitest/config';

/** Tests run from source: the workspace packages' `@regulars/source` export condition points at `src`. */
export default defineConfig({
  resolve: { conditions: ['@regulars/source'] },
  ssr: { resolve: { conditions: ['@regulars/source', 'node', 'module', 'default'] } },
  test: {
    include: [
      'libs/*/src/**/*.spec.ts',
      'apps/*/src/**/*.spec.{ts,tsx}',
      'tools/src/**/*.spec.ts',
      'e2e/**/*.spec.ts',
      'architecture.spec.ts',
    ],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
