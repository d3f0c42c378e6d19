import { isCurrency, NewCamera, SERVICES, type ServiceName, WrongPerWeek } from '@regulars/contracts';
import { z } from 'zod';
import { alertVariables } from './alert-variables.js';
import { expressionVariables } from './expression-variables.js';
import { integer, url } from './variable-parsers.js';

/** One environment variable: the row of docs/configuration.md and the parser at the door. */
export interface VariableDefinition {
  /** From the text of the variable to its value; an empty text counts as not set. */
  readonly schema: z.ZodType;
  /** As one would write it; absent when the variable may stay unset. */
  readonly default?: string;
  readonly unit?: string;
  readonly description: string;
  readonly services: readonly ServiceName[];
  /** Its value is never repeated, in no error and no log. */
  readonly secret?: true;
}

const text = z.string();
const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'expected true or false' })
  .transform((value) => value === 'true' || value === '1');

const port = integer(0, 65_535);

const wrongPerWeek = z.string().transform(Number).pipe(WrongPerWeek);

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: value });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const cameras = z
  .string()
  .transform((value, context): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      context.addIssue({ code: 'custom', message: 'expected a JSON list of cameras' });
      return z.NEVER;
    }
  })
  .pipe(
    z
      .array(NewCamera, { error: 'expected a JSON list of cameras' })
      .refine((list) => new Set(list.map((camera) => camera.cameraId)).size === list.length, {
        error: 'two cameras have the same cameraId',
      }),
  );

const everywhere = SERVICES;

/** One or two secrets, so that one can take the place of the other while both are in use. */
function secrets(form: RegExp, error: string) {
  return z
    .string()
    .transform((value) => value.split(',').map((secret) => secret.trim()))
    .pipe(z.array(z.string().regex(form, { error })).max(2, { error: 'expected at most two secrets' }));
}
const anySecret = secrets(/^[\x21-\x7e]{8,200}$/, 'expected one or two secrets, separated by a comma');

/** Every environment variable that Regulars reads. */
export const environmentTable = {
  RABBITMQ_URL: {
    schema: url('amqp', 'amqps'),
    description: 'Message broker, e.g. amqp://user:password@host:5672. Unset: messages stay in this process.',
    services: everywhere,
    secret: true,
  },
  BROKER_NAMESPACE: {
    schema: z.string().regex(/^[a-z0-9.-]{0,40}$/, {
      error: 'expected at most 40 lower-case letters, digits, dots or hyphens',
    }),
    default: '',
    description: 'Prefix of all exchanges and queues, so that installations can share one broker.',
    services: everywhere,
  },
  MONGODB_URI: {
    schema: url('mongodb', 'mongodb+srv'),
    description:
      'Data store, e.g. mongodb://user:password@host:27017/regulars?w=majority&journal=true. Unset: SQLite below DATA_DIR.',
    services: everywhere,
    secret: true,
  },
  DATA_DIR: {
    schema: text,
    default: './data',
    description: 'Folder of the embedded store, its key and the owner token.',
    services: everywhere,
  },
  MODELS_DIR: {
    schema: text,
    default: './models',
    description: 'Folder of the ONNX models and their manifest.',
    services: ['recognition', 'expression'],
  },
  REGULARS_MASTER_KEY: {
    schema: z
      .string()
      .refine((value) => /^[A-Za-z0-9+/]{43}=?$/.test(value) && Buffer.from(value, 'base64').length === 32, {
        error: 'expected 32 bytes in base64, such as "openssl rand -base64 32" prints',
      }),
    description:
      'Seals templates, names and camera sources. Unset: DATA_DIR/master.key, made at first start; with MONGODB_URI it must be set.',
    services: everywhere,
    secret: true,
  },
  LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'expected debug, info, warn, error or silent',
    }),
    default: 'info',
    description: 'Least important log lines that are written.',
    services: everywhere,
  },
  LOG_FORMAT: {
    schema: z.enum(['auto', 'json', 'text'], { error: 'expected auto, json or text' }),
    default: 'auto',
    description: 'Form of log lines; auto: text on a terminal, JSON otherwise.',
    services: everywhere,
  },
  HEALTH_HOST: {
    schema: text,
    default: '127.0.0.1',
    description: 'Address for /health/live, /health/ready and /metrics; in a container 0.0.0.0.',
    services: everywhere,
  },
  HEALTH_PORT: {
    schema: port,
    default: '9400',
    description: 'Port for /health/live, /health/ready and /metrics; 0 takes a free one.',
    services: everywhere,
  },
  SHUTDOWN_TIMEOUT_MS: {
    schema: integer(100, 300_000),
    default: '10000',
    unit: 'ms',
    description: 'Longest time to finish what is in hand after SIGINT or SIGTERM.',
    services: everywhere,
  },
  STORE_TIME_ZONE: {
    schema: z.string().refine(isTimeZone, { error: 'expected a time zone such as Europe/Berlin or UTC' }),
    default: 'UTC',
    description: "The shop's time zone; decides where a day of attendance begins.",
    services: ['analytics', 'gateway', 'recognition'],
  },
  CAMERAS: {
    schema: cameras,
    description:
      'Cameras as JSON: [{"cameraId":"door","name":"Door","source":"rtsp://..."}], with the fields of POST /v1/cameras.',
    services: ['capture'],
    secret: true,
  },
  CAPTURE_FILES_DIR: {
    schema: text,
    description: 'Folder below which video files may be cameras. Unset: no file may.',
    services: ['capture', 'gateway'],
  },
  CAPTURE_ALLOW_LAVFI: {
    schema: flag,
    default: 'false',
    description:
      "Whether ffmpeg's test sources (lavfi:testsrc) may be cameras; for demonstrations and tests.",
    services: ['capture', 'gateway'],
  },
  CAPTURE_LEASE_MS: {
    schema: integer(1_000, 120_000),
    default: '8000',
    unit: 'ms',
    description:
      'A camera whose capture service has not renewed its claim for this long goes to another one.',
    services: ['capture'],
  },
  CAPTURE_MAX_CAMERAS: {
    schema: integer(1, 200),
    default: '16',
    description: 'Cameras that one capture service opens at most; the rest are for its replicas.',
    services: ['capture'],
  },
  FFMPEG_BIN: {
    schema: text,
    description: 'The ffmpeg to use. Unset: ffmpeg-static, then PATH, then @ffmpeg-installer/ffmpeg.',
    services: ['capture'],
  },
  VISION_PROVIDER: {
    schema: z.enum(['auto', 'cpu', 'cuda'], { error: 'expected auto, cpu or cuda' }),
    default: 'auto',
    description: 'Where models run; auto: CUDA when it is there; cuda: refuse to start without it.',
    services: ['recognition', 'expression'],
  },
  VISION_THREADS: {
    schema: integer(0, 256),
    description:
      'Worker threads for the vision models, each with models of its own. 0: none, they run in the main thread. Unset: one less than the machine has cores, at least 1.',
    services: ['recognition'],
  },
  IDENTITY_WRONG_PER_WEEK: {
    schema: wrongPerWeek,
    default: '5',
    unit: 'recognitions',
    description:
      'Wrong recognitions in a week that are tolerable, until one is set on the page. The threshold of recognition follows from it, from how many are enrolled and from how many pass.',
    services: ['recognition', 'gateway'],
  },
  FRAME_MAX_AGE_MS: {
    schema: integer(0, 3_600_000),
    default: '2000',
    unit: 'ms',
    description: 'A frame captured longer ago is dropped; 0: none is, for replaying a recording.',
    services: ['recognition'],
  },
  PSEUDONYM_DAYS: {
    schema: integer(1, 400),
    default: '30',
    unit: 'days',
    description:
      'How long a sighting of a stranger with a pseudonym is kept, with its embedding, where a camera may know strangers again (mode returning).',
    services: ['recognition'],
  },
  VISIT_REENTRY_MS: {
    schema: integer(1_000, 86_400_000),
    default: '600000',
    unit: 'ms',
    description:
      'Who is seen again within this time continues the same visit; while a camera is away, up to two fifths longer.',
    services: ['analytics', 'gateway'],
  },
  ...alertVariables,
  ...expressionVariables,
  GATEWAY_HOST: {
    schema: text,
    default: '127.0.0.1',
    description: 'Address of the web page and the API; 0.0.0.0 opens them to the network.',
    services: ['gateway'],
  },
  GATEWAY_PORT: {
    schema: port,
    default: '8080',
    description: 'Port of the web page and the API; 0 takes a free one.',
    services: ['gateway'],
  },
  GATEWAY_TRUST_PROXY: {
    schema: flag,
    default: 'false',
    description:
      "Whether a reverse proxy's X-Forwarded-For says who asks; only with a proxy that sets it, else anybody can.",
    services: ['gateway'],
  },
  GATEWAY_REQUESTS_PER_MINUTE: {
    schema: integer(10, 1_000_000),
    default: '1200',
    unit: 'requests a minute',
    description: 'Requests that one address may send to the API; more are answered with 429.',
    services: ['gateway'],
  },
  STORE_CURRENCY: {
    schema: z.string().refine(isCurrency, { error: 'expected a currency code such as EUR' }),
    default: 'EUR',
    description: "The shop's currency: of amounts in imported files that name none.",
    services: ['gateway'],
  },
  SQUARE_WEBHOOK_SECRETS: {
    schema: anySecret,
    description: "Signature keys of Square's webhooks: one, or two with a comma while the key is changed.",
    services: ['gateway'],
    secret: true,
  },
  SQUARE_WEBHOOK_URL: {
    schema: url('https', 'http'),
    description:
      'The notification URL exactly as set at Square, which is part of what Square signs, e.g. https://shop.example/v1/webhooks/square.',
    services: ['gateway'],
  },
  SHOPIFY_WEBHOOK_SECRETS: {
    schema: anySecret,
    description: 'Client secrets of the Shopify app, which sign its webhooks: one, or two with a comma.',
    services: ['gateway'],
    secret: true,
  },
  STRIPE_WEBHOOK_SECRETS: {
    schema: anySecret,
    description: 'Signing secrets (whsec_...) of the Stripe endpoint: one, or two with a comma.',
    services: ['gateway'],
    secret: true,
  },
  STANDARD_WEBHOOK_SECRETS: {
    schema: secrets(
      /^whsec_[A-Za-z0-9+/]{32,128}={0,2}$/,
      'expected whsec_ and 24 to 96 bytes in base64, such as "openssl rand -base64 32" prints',
    ),
    description: 'Secrets (whsec_ and base64) of senders after Standard Webhooks: one, or two with a comma.',
    services: ['gateway'],
    secret: true,
  },
  DASHBOARD_DIR: {
    schema: text,
    description: 'Folder of the built web page. Unset: apps/dashboard/dist.',
    services: ['gateway'],
  },
} as const satisfies Record<string, VariableDefinition>;
