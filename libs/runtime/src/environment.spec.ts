import { isRegularsError, SERVICES } from '@regulars/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentTable, type VariableDefinition } from './variables.js';
import { fieldOf, parseEnvironment } from './environment.js';

function wrongVariables(env: Record<string, string>): Readonly<Record<string, unknown>> {
  try {
    parseEnvironment(env);
  } catch (error) {
    if (isRegularsError(error) && error.code === 'CONFIGURATION_INVALID') return error.fields;
    throw error;
  }
  return {};
}

const table = Object.entries<VariableDefinition>(environmentTable);

describe('parseEnvironment', () => {
  it('gives every default for an empty environment', () => {
    expect(parseEnvironment({})).toMatchObject({
      dataDir: './data',
      modelsDir: './models',
      brokerNamespace: '',
      logLevel: 'info',
      healthPort: 9400,
      gatewayPort: 8080,
      shutdownTimeoutMs: 10_000,
      storeTimeZone: 'UTC',
      visionProvider: 'auto',
      visitReentryMs: 600_000,
      captureAllowLavfi: false,
    });
    expect(parseEnvironment({}).rabbitmqUrl).toBeUndefined();
  });

  it('opens nothing to the network unless told to', () => {
    expect(parseEnvironment({})).toMatchObject({ healthHost: '127.0.0.1', gatewayHost: '127.0.0.1' });
  });

  it('turns texts into values', () => {
    const camera = '[{"cameraId":"door","name":"Door","source":"rtsp://10.0.0.2/1"}]';
    const key = Buffer.alloc(32, 7).toString('base64');
    const environment = parseEnvironment({
      HEALTH_PORT: ' 0 ',
      CAPTURE_ALLOW_LAVFI: 'true',
      REGULARS_MASTER_KEY: key,
      CAMERAS: camera,
      VISION_THREADS: '',
    });
    expect(environment.healthPort).toBe(0);
    expect(environment.captureAllowLavfi).toBe(true);
    expect(environment.masterKey).toBe(key);
    expect(environment.visionThreads).toBeUndefined();
    expect(environment.cameras).toEqual([
      {
        cameraId: 'door',
        storeId: 'main',
        name: 'Door',
        source: 'rtsp://10.0.0.2/1',
        mode: 'members',
        fps: 5,
        maxWidthPx: 1280,
        stallMs: 10_000,
        tillId: null,
      },
    ]);
  });

  it('names all wrong variables at once, each with its reason', () => {
    const wrong = wrongVariables({
      RABBITMQ_URL: 'http://broker',
      HEALTH_PORT: '70000',
      SHUTDOWN_TIMEOUT_MS: 'soon',
      STORE_TIME_ZONE: 'Mars/Olympus',
      VISION_PROVIDER: 'tpu',
      CAMERAS: '[{"cameraId":"door","name":"Door","source":"0","fps":99},{"cameraId":"DOOR"}]',
    });
    expect(wrong).toEqual({
      RABBITMQ_URL: 'expected an address that starts with amqp:// or amqps://',
      HEALTH_PORT: 'expected a whole number from 0 to 65535 (is "70000")',
      SHUTDOWN_TIMEOUT_MS: 'expected a whole number from 100 to 300000 (is "soon")',
      STORE_TIME_ZONE: 'expected a time zone such as Europe/Berlin or UTC (is "Mars/Olympus")',
      VISION_PROVIDER: 'expected auto, cpu or cuda (is "tpu")',
      CAMERAS: expect.stringMatching(/^0\.fps: .*1\.cameraId: .*1\.name: .*1\.source: /),
    });
  });

  it('demands the shared master key where services share a store', () => {
    expect(wrongVariables({ MONGODB_URI: 'mongodb://db/regulars' })).toEqual({
      REGULARS_MASTER_KEY: 'must be set together with MONGODB_URI: the services share it',
    });
  });

  it('demands a secret where alerts are sent somewhere', () => {
    expect(wrongVariables({ ALERT_WEBHOOK_URL: 'https://chat.example/hook' })).toEqual({
      ALERT_WEBHOOK_SECRET: 'must be set together with ALERT_WEBHOOK_URL: it signs what is sent',
    });
  });

  it('takes one secret of alerts, or two while it is being changed, and no third', () => {
    const url = { ALERT_WEBHOOK_URL: 'https://chat.example/hook' };
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(wrongVariables({ ...url, ALERT_WEBHOOK_SECRET: `${secret} ${secret}` })).toEqual({});
    expect(wrongVariables({ ...url, ALERT_WEBHOOK_SECRET: `${secret} ${secret} ${secret}` })).toEqual({
      ALERT_WEBHOOK_SECRET: expect.stringContaining('two such with a blank between'),
    });
  });

  it('refuses two cameras of the same id', () => {
    const camera = '{"cameraId":"door","name":"Door","source":"0"}';
    expect(wrongVariables({ CAMERAS: `[${camera},${camera}]` })).toEqual({
      CAMERAS: 'two cameras have the same cameraId',
    });
  });

  it('never repeats the value of a secret', () => {
    const secrets = table.filter(([, variable]) => variable.secret).map(([name]) => name);
    const formed = [
      'ALERT_WEBHOOK_SECRET',
      'ALERT_WEBHOOK_URL',
      'CAMERAS',
      'MONGODB_URI',
      'RABBITMQ_URL',
      'REGULARS_MASTER_KEY',
    ];
    // Any text may be the secret of a webhook.
    const free = ['SHOPIFY', 'SQUARE', 'STANDARD', 'STRIPE'].map((provider) => `${provider}_WEBHOOK_SECRETS`);
    expect(secrets.sort()).toEqual([...formed, ...free].sort());
    const hidden = fc.stringMatching(/^[a-z]{12,20}$/).map((word) => `hush${word}`);
    fc.assert(
      fc.property(
        fc.constantFrom(...secrets),
        hidden,
        fc.constantFrom('', '{"', '[{"'),
        (name, word, head) => {
          for (const value of [
            `${head}${word}`,
            `[{"${word}":"${word}","cameraId":"${word.toUpperCase()}"}]`,
          ]) {
            const wrong = wrongVariables({ [name]: value });
            if (formed.includes(name)) expect(Object.keys(wrong)).toContain(name);
            expect(JSON.stringify(wrong).toLowerCase()).not.toContain(word);
          }
        },
      ),
    );
  });

  it('leaves variables alone that are not its own', () => {
    expect(parseEnvironment({ REGULARS_UNKNOWN: 'x', PATH: '/bin' })).toEqual(parseEnvironment({}));
  });
});

describe('the table of variables', () => {
  it.each(table)('%s has a valid default, a description and a reader', (name, variable) => {
    if (variable.default !== undefined) {
      expect(variable.schema.safeParse(variable.default).success).toBe(true);
    }
    expect(variable.description).toMatch(/\.$/);
    expect(variable.services.length).toBeGreaterThan(0);
    expect(SERVICES).toEqual(expect.arrayContaining([...variable.services]));
    expect(name.endsWith('_MS')).toBe(variable.unit === 'ms');
  });

  it('gives each variable a field of its own', () => {
    const fields = table.map(([name]) => fieldOf(name));
    expect(new Set(fields).size).toBe(fields.length);
    expect(fieldOf('REGULARS_MASTER_KEY')).toBe('masterKey');
    expect(fieldOf('RABBITMQ_URL')).toBe('rabbitmqUrl');
  });
});
