import { isRegularsError, messageOf } from '@regulars/contracts';
import { openStore, TokensRepository } from '@regulars/persistence';
import { createTelemetry, type Environment } from '@regulars/runtime';
import { join } from 'node:path';
import { ROOT } from './root.js';
import { printFirstToken } from './serve.js';
import { HELP, parseStartArguments, type StartArguments } from './start/arguments.js';
import { demoFolder, folderOfFiles, givenCameras } from './start/cameras.js';
import { ApiClient } from './start/client.js';
import { lockDataDir } from './start/lock.js';
import { runMainJob, waitForGateway } from './start/main-job.js';
import { type Started, startInFive, startInOneProcess } from './start/modes.js';

/** `--until recognised` gives up after this long. */
const RECOGNITION_TIMEOUT_MS = 5 * 60_000;
const GATEWAY_TIMEOUT_MS = 30_000;

const OWN_TOKEN = 'npm start';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** The variables of the process with what the arguments change. */
function variablesFor(args: StartArguments): NodeJS.ProcessEnv {
  const files = args.cameras.length > 0 ? folderOfFiles(givenCameras(args.cameras)) : demoFolder();
  return {
    DATA_DIR: join(ROOT, 'data'),
    MODELS_DIR: join(ROOT, 'models'),
    DASHBOARD_DIR: join(ROOT, 'apps/dashboard/dist'),
    LOG_LEVEL: 'warn',
    ...(files === undefined ? {} : { CAPTURE_FILES_DIR: files }),
    ...process.env,
    ...(args.dataDir === undefined ? {} : { DATA_DIR: args.dataDir }),
    ...(args.port === undefined ? {} : { GATEWAY_PORT: args.port }),
  };
}

/** A token for this program itself, so that it uses the API as anybody else would. */
async function withOwnToken<Result>(
  environment: Environment,
  use: (token: string) => Promise<Result>,
): Promise<Result> {
  const telemetry = createTelemetry({ service: 'start', environment });
  const store = openStore({ mongoUri: environment.mongodbUri, dataDir: environment.dataDir, telemetry });
  await store.open();
  const tokens = new TokensRepository(store);
  const now = new Date().toISOString();
  // Those of earlier runs that were ended before they could revoke theirs.
  for (const old of await tokens.list()) if (old.name === OWN_TOKEN) await tokens.revoke(old.tokenId, now);
  const { token, tokenId } = await tokens.issue(OWN_TOKEN, now);
  try {
    return await use(token);
  } finally {
    await tokens.revoke(tokenId, new Date().toISOString());
    await store.close();
  }
}

/** Runs the main job until it is done, the time is up, or the process is told to end. */
async function job(started: Started, args: StartArguments, invokedAt: number): Promise<number> {
  return withOwnToken(started.environment, async (token) => {
    const api = new ApiClient(started.gateway.address, token);
    await waitForGateway(api, GATEWAY_TIMEOUT_MS);
    printFirstToken(started.gateway);
    if (started.gateway.firstToken === null)
      say(
        `The page: ${started.gateway.address} (token as printed at first start; "npm run token -- --new" makes another)`,
      );
    const signal = args.untilRecognised
      ? AbortSignal.timeout(RECOGNITION_TIMEOUT_MS)
      : new AbortController().signal;
    try {
      const visit = await runMainJob({ api, args, signal, say });
      if (!args.untilRecognised) return 0;
      const secondsToFirstRecognition = Math.round((Date.now() - invokedAt) / 100) / 10;
      say(JSON.stringify({ secondsToFirstRecognition, customer: visit.customerId, visit: visit.visitId }));
      return 0;
    } catch (error) {
      say(messageOf(error));
      return 1;
    }
  });
}

/** `npm start`: runs all services and shows that they work.
 *  @param invokedAt when the command was given, milliseconds since 1970 */
export async function start(argv: string[], invokedAt: number): Promise<void> {
  const args = parseStartArguments(argv);
  if (args.help) {
    say(HELP);
    return;
  }
  const variables = variablesFor(args);
  const port = variables['GATEWAY_PORT'] ?? '8080';
  let release = () => {};
  try {
    release = lockDataDir(variables['DATA_DIR'] ?? 'data', `http://127.0.0.1:${port}`);
    process.on('exit', () => release());
    const started = args.services
      ? await startInFive(variables)
      : await startInOneProcess(variables, args.record);
    if (started === null) return;
    const code = await job(started, args, invokedAt);
    if (args.untilRecognised) await started.stop(code);
    else say('Running. Ctrl-C ends it.');
  } catch (error) {
    if (!isRegularsError(error)) throw error;
    say(`${error.code}: ${error.message} ${JSON.stringify(error.fields)}\n${error.remedy}`);
    process.exit(error.code === 'ALREADY_RUNNING' ? 3 : 1);
  }
}
