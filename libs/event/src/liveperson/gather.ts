import type { EventType } from '../event.js';
import { isBlank, isObject, type Json } from './json.js';
import { CARRIED, type Container, CONTAINERS, type DataField, Fields, Header, PLACES } from './wire.js';

const HEADER = 'commonHeader';

const EMPTY: Json = {};

const HEADER_FIELDS = Object.keys(Header.shape) as readonly (keyof typeof Header.shape)[];

type Raw<Name extends string> = Partial<Record<Name, unknown>>;

/** The header fields of an element, as they came: those in `commonHeader` win over those beside it. */
export function gatherHeader(element: Json): Raw<keyof typeof Header.shape> {
  const raw: Raw<keyof typeof Header.shape> = {};
  for (const name of HEADER_FIELDS) raw[name] = headerField(element, name);
  return raw;
}

/** A field's values as they came, or the name of an object on the way that is none. */
export type Gathered =
  { readonly ok: true; readonly raw: Raw<keyof typeof Fields.shape> } | { readonly ok: false; readonly where: string };

/** The fields that the type carries, each from the first of its places that has a value. */
export function gatherFields(element: Json, type: EventType): Gathered {
  const data = container(element, 'data');
  if (data === null) return { ok: false, where: 'data' };
  const containers: Record<Container, Json> = { data, convDetails: EMPTY, agentDetails: EMPTY, stateDetails: EMPTY };
  for (const name of CONTAINERS) {
    const found = container(data, name);
    if (found === null) return { ok: false, where: `data.${name}` };
    containers[name] = found;
  }
  const raw: Raw<keyof typeof Fields.shape> = {
    eventTimestamp: headerField(element, 'eventTimestamp'),
    uid: headerField(element, 'uid'),
  };
  for (const field of CARRIED[type]) raw[field] = firstValue(containers, field);
  return { ok: true, raw };
}

/** Whether the element's common header can be read: an object, or nothing at all. */
export function hasReadableHeader(element: Json): boolean {
  return container(element, HEADER) !== null;
}

/** Where on the wire a field is published to stand, for messages. */
export function wireName(field: PropertyKey | undefined): string {
  const places = isDataField(field) ? PLACES[field] : undefined;
  const place = places?.[0];
  if (place === undefined) return String(field ?? 'event');
  return place[0] === 'data' ? `data.${place[1]}` : `data.${place[0]}.${place[1]}`;
}

function isDataField(field: PropertyKey | undefined): field is DataField {
  return field !== undefined && Object.hasOwn(PLACES, field);
}

function headerField(element: Json, name: string): unknown {
  const header = element[HEADER];
  const common = isObject(header) ? header[name] : undefined;
  return isBlank(common) ? element[name] : common;
}

function firstValue(containers: Readonly<Record<Container, Json>>, field: DataField): unknown {
  for (const [name, key] of PLACES[field]) {
    const value = containers[name][key];
    if (!isBlank(value)) return value;
  }
  return undefined;
}

/** The object of that name, an empty one where there is nothing, null where there is something else. */
function container(parent: Json, name: string): Json | null {
  const value = parent[name];
  if (isBlank(value)) return EMPTY;
  return isObject(value) ? value : null;
}
