import { TokensRepository, openStore } from '@regulars/persistence';
import { createTelemetry, environmentOfProcess } from '@regulars/runtime';

const HELP = `npm run token                 the tokens there are
npm run token -- --new        a new owner's token
npm run token -- --revoke ID  a token is no longer valid`;

/** `npm run token`: shows, issues and revokes owner's tokens of the store that the environment names. */
export async function token(args: string[]): Promise<void> {
  const environment = environmentOfProcess();
  const telemetry = createTelemetry({ service: 'token', environment });
  const store = openStore({ mongoUri: environment.mongodbUri, dataDir: environment.dataDir, telemetry });
  const tokens = new TokensRepository(store);
  await store.open();
  try {
    await run(tokens, args, new Date().toISOString());
  } finally {
    await store.close();
  }
}

async function run(tokens: TokensRepository, args: readonly string[], now: string): Promise<void> {
  const [option, id] = args;
  if (option === undefined) {
    for (const { tokenId, name, createdAt, revokedAt } of await tokens.list())
      console.log(
        `${tokenId.slice(0, 12)}  ${createdAt}  ${name}${revokedAt === null ? '' : ` (revoked ${revokedAt})`}`,
      );
  } else if (option === '--new') {
    console.log((await tokens.issue('owner', now)).token);
  } else if (option === '--revoke' && id !== undefined) {
    const matching = (await tokens.list()).filter(({ tokenId }) => tokenId.startsWith(id));
    if (matching.length !== 1) throw new Error(`${matching.length} tokens begin with ${id}`);
    for (const { tokenId } of matching) await tokens.revoke(tokenId, now);
    console.log('revoked; services notice within half a minute');
  } else throw new Error(HELP);
}
