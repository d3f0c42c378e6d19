import { ERRORS, METRICS, SERVICES } from '@regulars/contracts';
import { environmentTable, type VariableDefinition } from '@regulars/runtime';

const GENERATED = (from: string) => `Generated from \`${from}\` by \`npm run docs\`; do not edit.`;
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, meaning, remedy }]) =>
      `| \`${code}\` | ${status} | ${cell(meaning)} | ${cell(remedy)} |`,
  );
  return [
    '# Errors',
    '',
    GENERATED('libs/contracts/src/error-table.ts'),
    '',
    'Every error answer has the form `{ "error": { "code", "message", "remedy", "fields", "requestId" } }`. Codes are never renamed.',
    '',
    '| code | HTTP | what happened | what to do |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

export function metricsPage(): string {
  const rows = Object.entries(METRICS).map(
    ([name, metric]) =>
      `| \`${name}\` | ${metric.type} | ${metric.labels.map((label) => `\`${label}\``).join(', ') || '-'} | ${cell(metric.help)} |`,
  );
  return [
    '# Metrics',
    '',
    GENERATED('libs/contracts/src/metrics.ts'),
    '',
    'Each service answers `GET /metrics` on its health port in the Prometheus text format. Every metric also has the label `service`.',
    '',
    '| metric | type | labels | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

export function configurationPage(): string {
  const rows = Object.entries<VariableDefinition>(environmentTable).map(([name, variable]) => {
    const readers = variable.services.length === SERVICES.length ? 'all' : variable.services.join(', ');
    const fallback = variable.default ? `\`${variable.default}\`` : '-';
    return `| \`${name}\` | ${readers} | ${fallback} | ${variable.unit ?? '-'} | ${cell(variable.description)} |`;
  });
  return [
    '# Configuration',
    '',
    GENERATED('libs/runtime/src/variables.ts'),
    '',
    'Environment variables, read once at the start. A service with a wrong one names all wrong ones at once and refuses to start.',
    '',
    '| variable | read by | default | unit | meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
