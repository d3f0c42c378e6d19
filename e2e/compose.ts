import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES, type ServiceName } from '@regulars/contracts';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '..');

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly args?: Readonly<Record<string, string>> };
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/** Replaces `${NAME}`, `${NAME:-default}` and `${NAME:?reason}` as docker compose does.
 *  @throws Error with the reason when a required variable is missing */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, kind: string | undefined, rest: string) => {
      const value = variables[name] ?? '';
      if (value !== '') return value;
      if (kind === '?') throw new Error(`${name} is missing: ${rest}`);
      return kind === '-' ? rest : '';
    },
  );
}

/** docker-compose.yml with its variables filled in and its merges applied. */
export function readCompose(variables: Readonly<Record<string, string>>): ComposeFile {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  return parse(interpolate(text, variables), { merge: true }) as ComposeFile;
}

/** Environment that the image of a service sets by itself (ENV in the Dockerfile). */
export function imageEnvironment(): Record<string, string> {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const runtime = text.slice(text.lastIndexOf('\nFROM '));
  const entries = [...runtime.matchAll(/^ENV (.+)$/gm)].flatMap((line) => [
    ...(line[1] ?? '').matchAll(/(\w+)=(\S+)/g),
  ]);
  return Object.fromEntries(entries.map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** The command of the image, as the Dockerfile states it. */
export function imageCommand(): readonly string[] {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
  const command = /^CMD (\[.*\])$/m.exec(text)?.[1];
  if (command === undefined) throw new Error('the Dockerfile has no CMD in exec form');
  return JSON.parse(command) as string[];
}

export interface ServiceProcess {
  readonly service: ServiceName;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What docker compose would start for each of the five services. */
export function serviceProcesses(compose: ComposeFile): readonly ServiceProcess[] {
  return SERVICES.map((service) => {
    const definition = compose.services[service];
    if (definition === undefined) throw new Error(`docker-compose.yml has no service ${service}`);
    const { SERVICE: _, ...image } = imageEnvironment();
    return {
      service,
      command: definition.command ?? imageCommand(),
      environment: {
        ...image,
        SERVICE: definition.build?.args?.['SERVICE'] ?? 'all',
        ...definition.environment,
      },
    };
  });
}
