import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { METRICS, SERVICES } from '@regulars/contracts';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { interpolate, readCompose, serviceProcesses } from './compose.js';

const ROOT = join(import.meta.dirname, '..');
const SECRETS = {
  REGULARS_MASTER_KEY: 'k',
  RABBITMQ_PASSWORD: 'p',
  MONGO_PASSWORD: 'p',
  GRAFANA_PASSWORD: 'p',
};

describe('the compose file', () => {
  it('starts each of the five services by the same command with its own name', () => {
    for (const { service, command, environment } of serviceProcesses(readCompose(SECRETS))) {
      expect(command).toEqual(['node', '--enable-source-maps', 'tools/dist/serve.js']);
      expect(environment['SERVICE']).toBe(service);
      expect(environment['RABBITMQ_URL']).toMatch(/^amqp:\/\/regulars:p@rabbitmq:5672$/);
      expect(environment['MONGODB_URI']).toContain('w=majority&journal=true');
    }
  });

  it('refuses to start without a master key and passwords', () => {
    for (const name of Object.keys(SECRETS))
      expect(() => readCompose({ ...SECRETS, [name]: '' })).toThrow(name);
  });

  it('fills in defaults as docker compose does', () => {
    expect(interpolate('${A:-x} ${B:-y}', { B: 'z' })).toBe('x z');
  });

  it('has every variable of .env.example and no other without a default', () => {
    const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
    const named = [...example.matchAll(/^(\w+)=/gm)].map((match) => match[1] ?? '');
    const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    for (const name of named) expect(text).toContain(`\${${name}`);
    for (const [, name] of text.matchAll(/\$\{(\w+):\?/g)) expect(named).toContain(name);
  });
});

/** Kinds of the k8s files with the type that describes them (package kubernetes-types). */
const KUBERNETES_TYPES: Readonly<Record<string, { module: string; type: string }>> = {
  Namespace: { module: 'core/v1', type: 'Namespace' },
  ConfigMap: { module: 'core/v1', type: 'ConfigMap' },
  Service: { module: 'core/v1', type: 'Service' },
  Deployment: { module: 'apps/v1', type: 'Deployment' },
  StatefulSet: { module: 'apps/v1', type: 'StatefulSet' },
  NetworkPolicy: { module: 'networking/v1', type: 'NetworkPolicy' },
  PodDisruptionBudget: { module: 'policy/v1', type: 'PodDisruptionBudget' },
};

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly {
          readonly image: string;
          readonly env?: readonly { name: string; value?: string }[];
        }[];
      };
    };
  };
}

function kustomization(): { resources: string[]; images: { name: string }[] } {
  return parse(readFileSync(join(ROOT, 'k8s/base/kustomization.yaml'), 'utf8')) as {
    resources: string[];
    images: { name: string }[];
  };
}

function manifests(): readonly Manifest[] {
  return kustomization().resources.flatMap((file) =>
    parseAllDocuments(readFileSync(join(ROOT, 'k8s/base', file), 'utf8')).map(
      (document) => document.toJS() as Manifest,
    ),
  );
}

/** Type errors of manifests written as literals of Kubernetes' own types, which refuse unknown keys. */
function typeErrorsOf(list: readonly Manifest[]): string[] {
  const folder = mkdtempSync(join(ROOT, 'node_modules', '.manifests-'));
  const file = join(folder, 'manifests.ts');
  const lines = list.map((manifest, index) => {
    const known = KUBERNETES_TYPES[manifest.kind];
    if (known === undefined) return `export const m${index}: never = ${JSON.stringify(manifest.kind)};`;
    return `export const m${index}: import('kubernetes-types/${known.module}.js').${known.type} = ${JSON.stringify(manifest)};`;
  });
  writeFileSync(file, lines.join('\n'));
  try {
    const program = ts.createProgram([file], {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the k8s base', () => {
  it("fits Kubernetes' own types, with unknown keys refused", () => {
    expect(typeErrorsOf(manifests())).toEqual([]);
  }, 60_000);

  it('would not let an unknown key through', () => {
    const [first] = manifests().filter(({ kind }) => kind === 'Deployment');
    const planted = JSON.parse(JSON.stringify(first).replace('"replicas"', '"replcas"')) as Manifest;
    expect(typeErrorsOf([planted]).join()).toContain('replcas');
  }, 60_000);

  it('lists every file of its folder and deploys each service from its own image', () => {
    const { resources, images } = kustomization();
    const files = readdirSync(join(ROOT, 'k8s/base')).filter((name) => name !== 'kustomization.yaml');
    expect([...resources].sort()).toEqual(files.sort());
    for (const service of SERVICES) {
      const deployment = manifests().find(
        ({ kind, metadata }) => kind === 'Deployment' && metadata.name === service,
      );
      const container = deployment?.spec?.template?.spec.containers[0];
      expect(container?.image).toBe(`regulars-${service}`);
      expect(container?.env).toContainEqual({ name: 'SERVICE', value: service });
      expect(images.map(({ name }) => name)).toContain(`regulars-${service}`);
    }
  });
});

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const SUFFIX = /_(bucket|sum|count)$/;

/** Metrics that a query names. */
function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/regulars_\w+/g)].map(([name]) => name);
}

function isDeclared(name: string): boolean {
  if (name in METRICS) return true;
  const base = name.replace(SUFFIX, '');
  return base !== name && base in METRICS && METRICS[base as keyof typeof METRICS].type === 'histogram';
}

describe('dashboards and alerts', () => {
  const board = JSON.parse(readFileSync(join(ROOT, 'dashboards/grafana/boards/regulars.json'), 'utf8')) as {
    panels: Panel[];
  };
  const queries = board.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const alerts = readFileSync(join(ROOT, 'dashboards/prometheus/alerts.yml'), 'utf8');

  it('query metrics that exist only', () => {
    const named = [...queries, alerts].flatMap(metricsIn);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !isDeclared(name))).toEqual([]);
  });

  it('show every metric that is declared', () => {
    const shown = new Set(
      queries.flatMap(metricsIn).map((name) => (name in METRICS ? name : name.replace(SUFFIX, ''))),
    );
    expect(Object.keys(METRICS).filter((name) => !shown.has(name))).toEqual([]);
  });
});
