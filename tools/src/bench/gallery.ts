import { parseArgs } from 'node:util';
import { randomOf } from '@regulars/contracts/random';
import { openGallery } from '../serve.js';
import { percentile } from './percentile.js';

const HELP = 'npm run bench -- gallery [--templates 1000,10000,100000] [--probes N]';
const DIMENSIONS = 128;
/** Templates of one person. */
const VIEWS = 3;
/** Searches between two changes of the gallery, in the run with updates. */
const SEARCHES_PER_CHANGE = 10;

interface Timing {
  readonly templates: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly updatingP50Ms: number;
  readonly updatingP99Ms: number;
  readonly changeP50Ms: number;
  readonly foundSelf: number;
}

function unitVectors(random: () => number): () => Float32Array {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return () => {
    const vector = Float32Array.from({ length: DIMENSIONS }, normal);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
}

async function measure(templates: number, probes: number): Promise<Timing> {
  const next = unitVectors(randomOf(templates));
  const gallery = await openGallery();
  const people = Math.ceil(templates / VIEWS);
  const personOf = (person: number) => ({
    customerId: `person-${person}`,
    templates: Array.from({ length: Math.min(VIEWS, templates - person * VIEWS) }, (_, view) => ({
      templateId: `${person}-${view}-${Math.random()}`,
      customerId: `person-${person}`,
      embedding: next(),
    })),
  });
  const known = new Map<number, Float32Array>();
  for (let person = 0; person < people; person += 1) {
    const own = personOf(person);
    known.set(person, own.templates[0]?.embedding ?? new Float32Array(DIMENSIONS));
    gallery.replace(own.customerId, own.templates);
  }
  let found = 0;
  const search = (index: number) => {
    const person = (index * 7_919) % people;
    const probe = known.get(person) ?? new Float32Array(DIMENSIONS);
    const startedAt = performance.now();
    const { best } = gallery.search(probe);
    const tookMs = performance.now() - startedAt;
    if (best?.customerId === `person-${person}`) found += 1;
    return tookMs;
  };
  for (let index = 0; index < 5; index += 1) search(index);
  found = 0;
  const still = Array.from({ length: probes }, (_, index) => search(index));
  const changes: number[] = [];
  const updating = Array.from({ length: probes }, (_, index) => {
    if (index % SEARCHES_PER_CHANGE === 0) {
      const person = (index * 104_729) % people;
      const own = personOf(person);
      known.set(person, own.templates[0]?.embedding ?? new Float32Array(DIMENSIONS));
      const startedAt = performance.now();
      gallery.replace(own.customerId, own.templates);
      changes.push(performance.now() - startedAt);
    }
    return search(index);
  });
  const round = (value: number) => Number(value.toFixed(3));
  return {
    templates,
    p50Ms: round(percentile(still, 0.5)),
    p99Ms: round(percentile(still, 0.99)),
    updatingP50Ms: round(percentile(updating, 0.5)),
    updatingP99Ms: round(percentile(updating, 0.99)),
    changeP50Ms: round(percentile(changes, 0.5)),
    foundSelf: found / (2 * probes),
  };
}

/** `npm run bench -- gallery`: the search of a face among so many templates, with the gallery at rest and with
 *  people enrolled and replaced between the searches. Every probe is one of the gallery's own templates and must
 *  find its person. */
export async function gallery(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      templates: { type: 'string', default: '1000,10000,100000' },
      probes: { type: 'string', default: '300' },
    },
  });
  const sizes = values.templates.split(',').map(Number);
  const probes = Number(values.probes);
  if (sizes.some((size) => !(size >= VIEWS && size <= 1_000_000)) || !(probes >= 20 && probes <= 10_000))
    throw new Error(HELP);
  const timings: Timing[] = [];
  for (const size of sizes) {
    const timing = await measure(size, probes);
    timings.push(timing);
    console.log(
      `${String(size).padStart(7)} templates  search p50 ${timing.p50Ms} p99 ${timing.p99Ms} ms` +
        `  while updating p50 ${timing.updatingP50Ms} p99 ${timing.updatingP99Ms} ms  update p50 ${timing.changeP50Ms} ms` +
        `  found ${(100 * timing.foundSelf).toFixed(1)} %`,
    );
  }
  console.log(JSON.stringify({ timings }));
}
