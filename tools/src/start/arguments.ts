import { parseArgs } from 'node:util';

export const HELP = `npm start -- [options]

  --camera SOURCE     use this camera instead of the two demo clips: rtsp://..., a file,
                      or a device number such as 0; may be given several times
  --enrol PHOTO       enrol the person of this photograph; may be given several times
  --name NAME         the name to enrol them under (default "Demo regular")
  --until recognised  end after the first recognised visit and print it as one line of JSON;
                      exit code 1 after five minutes without one
  --port N            port of the page (default GATEWAY_PORT or 8080)
  --data DIR          folder of the data (default DATA_DIR or ./data)
  --record TAPE       tape the events to a file (no pictures)
  --services          five processes over RABBITMQ_URL and MONGODB_URI instead of one
  --help              this text`;

export interface StartArguments {
  readonly cameras: readonly string[];
  readonly photographs: readonly string[];
  readonly name: string;
  readonly untilRecognised: boolean;
  readonly port: string | undefined;
  readonly dataDir: string | undefined;
  readonly record: string | undefined;
  readonly services: boolean;
  readonly help: boolean;
}

/** @throws TypeError naming the option that is wrong */
export function parseStartArguments(args: string[]): StartArguments {
  const { values } = parseArgs({
    args,
    options: {
      camera: { type: 'string', multiple: true },
      enrol: { type: 'string', multiple: true },
      name: { type: 'string' },
      until: { type: 'string' },
      port: { type: 'string' },
      data: { type: 'string' },
      record: { type: 'string' },
      services: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.until !== undefined && values.until !== 'recognised')
    throw new TypeError(`--until knows "recognised" only, not "${values.until}"`);
  return {
    cameras: values.camera ?? [],
    photographs: values.enrol ?? [],
    name: values.name ?? 'Demo regular',
    untilRecognised: values.until === 'recognised',
    port: values.port,
    dataDir: values.data,
    record: values.record,
    services: values.services ?? false,
    help: values.help ?? false,
  };
}
