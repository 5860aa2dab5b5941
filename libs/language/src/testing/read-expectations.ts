import type { Catalog, MetricPlan } from '../catalog.js';
import { didYouMean } from '../nearest-name.js';
import type { Place } from './place.js';
import { readFields } from './read-fields.js';
import { readSamples } from './read-samples.js';
import type { ExpectationBody } from './schema.js';
import type { Expectation } from './test-case.js';
import { parseTestTime } from './test-time.js';

/** What each kind of expectation has beside `at`. */
const KINDS = [
  { subject: 'metric', content: 'samples' },
  { subject: 'conversation', content: 'state' },
  { subject: 'agent', content: 'state' },
] as const;

/** The expectations of a test, against the catalog that it tests. */
export function readExpectations(
  bodies: readonly ExpectationBody[],
  catalog: Catalog,
  place: Place,
): readonly Expectation[] {
  return bodies.flatMap((body, index) => readExpectation(body, catalog, place.below(index)) ?? []);
}

function readExpectation(body: ExpectationBody, catalog: Catalog, place: Place): Expectation | null {
  if (!isWhole(body, place)) return null;
  const shared = { position: place.position, at: parseTestTime(body.at) ?? 0 };
  const { metric: name, conversation, agent } = body;
  if (name !== undefined) {
    const metric = metricNamed(name, catalog, place.below('metric'));
    if (metric === null) return null;
    const samples = readSamples(body.samples ?? [], metric, place.below('samples'));
    return { ...shared, kind: 'samples', metric: name, samples };
  }
  const entity = conversation === undefined ? 'agent' : 'conversation';
  const fields = readFields(body.state ?? {}, catalog.entities[entity], place.below('state'));
  return { ...shared, kind: 'state', entity, id: conversation ?? agent ?? '', fields };
}

/** Whether it is about one thing, and says what that is to be. */
function isWhole(body: ExpectationBody, place: Place): boolean {
  const [kind, second] = KINDS.filter(({ subject }) => body[subject] !== undefined);
  if (kind === undefined) {
    const message = 'an expectation is about a metric, a conversation or an agent, and this one about none';
    place.error({
      code: 'missing-key',
      message,
      remedy: 'add metric: with a name, or conversation: or agent: with an id',
    });
    return false;
  }
  if (second !== undefined) {
    const message = `an expectation is about one thing, and this one has "${kind.subject}" and "${second.subject}"`;
    place.errorAtKey(second.subject, { code: 'conflicting-keys', message, remedy: 'write two expectations' });
    return false;
  }
  const other = kind.content === 'state' ? 'samples' : 'state';
  if (body[other] !== undefined) {
    const message = `"${other}" does not go with "${kind.subject}"`;
    place.errorAtKey(other, { code: 'conflicting-keys', message, remedy: `leave it out and use ${kind.content}` });
    return false;
  }
  if (body[kind.content] !== undefined) return true;
  const remedy = kind.content === 'state' ? 'add state: with fields and values' : 'add samples:, [] when it is absent';
  place.error({ code: 'missing-key', message: `an expectation of a ${kind.subject} has no "${kind.content}"`, remedy });
  return false;
}

function metricNamed(name: string, catalog: Catalog, place: Place): MetricPlan | null {
  const metric = catalog.metrics.find((each) => each.name === name);
  if (metric !== undefined) return metric;
  place.error({
    code: 'unknown-name',
    message: `there is no metric "${name}"`,
    remedy: didYouMean(
      name,
      catalog.metrics.map((each) => each.name),
      'name a metric that the catalog defines',
    ),
  });
  return null;
}
