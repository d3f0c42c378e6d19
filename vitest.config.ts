import { defineConfig } from 'vitest/config';

/** Suites that need a broker, a store, a camera, a browser, the models or processes of their own, or that take
 *  seconds each: run by `npm test`, not by `npm run check`. */
const INTEGRATION = [
  'e2e/**/*.spec.ts',
  'libs/messaging/src/amqp/**/*.spec.ts',
  'libs/persistence/src/mongo/**/*.spec.ts',
  'libs/persistence/src/{durability,store-laws}.spec.ts',
  'libs/runtime/src/process.spec.ts',
  'libs/vision/src/{building,models,pool}/**/*.spec.ts',
  'apps/capture/src/{capture,decoder,ffmpeg,rtsp}.spec.ts',
  'apps/recognition/src/recognition.spec.ts',
  'apps/recognition/src/strangers/returning.spec.ts',
  'apps/recognition/src/recognisers/recognisers.spec.ts',
  'libs/persistence/src/{store-*,collections}.spec.ts',
  'libs/persistence/src/repositories/*.spec.ts',
  'libs/customer-value/src/**/{lstm,boosting,forecast,back-test}*.spec.ts',
  'apps/analytics/src/{analytics,consequences,pseudonyms,recordings,start}.spec.ts',
  'apps/analytics/src/value/*.spec.ts',
  'apps/capture/src/jpeg-stream.spec.ts',
  'apps/gateway/src/**/*.spec.ts',
  'tools/src/start.spec.ts',
  'tools/src/import/enrolments.spec.ts',
  'tools/src/evaluate/shop/shop.spec.ts',
  'tools/src/evaluate/seed-002/*.spec.ts',
  'tools/src/bench/lstm/*.spec.ts',
  'apps/**/*.kill.spec.ts',
];

const ALL = [
  'architecture.spec.ts',
  'libs/*/src/**/*.spec.ts',
  'apps/*/src/**/*.spec.{ts,tsx}',
  'tools/src/**/*.spec.ts',
  'e2e/**/*.spec.ts',
];

/** Tests run from source: the workspace packages' `@regulars/source` export condition points at `src`. */
export default defineConfig({
  resolve: { conditions: ['@regulars/source'] },
  // Without 'import': Node would take it for require() too, and engine.io's require('ws') would get another module.
  ssr: { resolve: { conditions: ['@regulars/source', 'node', 'module', 'default'] } },
  // Said here because the specs are not part of the packages' own tsconfig.json.
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    setupFiles: ['vitest.setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ALL,
          exclude: ['**/node_modules/**', '**/dist/**', ...INTEGRATION],
          // Unit tests keep nothing outside their own file: modules are loaded once, which halves the time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'integration', include: INTEGRATION, exclude: ['**/node_modules/**', '**/dist/**'] },
      },
    ],
  },
});
