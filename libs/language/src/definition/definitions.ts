import type { EntityKind } from '@app/event';
import type { Position } from '../diagnostic.js';
import type { CalendarBody, FieldBody, MetricBody, OwnEventBody, TableBody } from '../source/schema.js';
import type { ExpressionText } from '../source/expression-text.js';
import type { Path } from '../source/yaml-path.js';

/** Something defined in a file, and where. */
export interface Definition<Body> {
  readonly name: string;
  /** Null: its shape is wrong, which was reported; it exists all the same. */
  readonly body: Body | null;
  /** Where its name stands. */
  readonly at: Position;
  /** Where a part of it stands: the value at the path below the definition. */
  readonly positionOf: (...path: Path) => Position;
  /** Where a key of it stands. */
  readonly positionOfKey: (...path: Path) => Position;
  /** The expression at the path below; null when there is none, or YAML misread it. */
  readonly expressionAt: (...path: Path) => ExpressionText | null;
}

export type FieldDefinition = Definition<FieldBody>;
export type OwnEventDefinition = Definition<OwnEventBody>;
export type MetricDefinition = Definition<MetricBody>;
export type TableDefinition = Definition<TableBody>;
export type CalendarDefinition = Definition<CalendarBody>;

/** All that is defined for one kind of entity, in written order. */
export interface EntityDefinitions {
  readonly kind: EntityKind;
  readonly fields: readonly FieldDefinition[];
  readonly ownEvents: readonly OwnEventDefinition[];
  /** When it is forgotten: the expression, or null when none is given. */
  readonly forget: ExpressionText | null;
}

/** What all files define together. */
export interface Definitions {
  readonly entities: Readonly<Record<EntityKind, EntityDefinitions>>;
  readonly metrics: readonly MetricDefinition[];
  readonly tables: readonly TableDefinition[];
  readonly calendars: readonly CalendarDefinition[];
  /** False when a part of a file could not be read: what is not found may be defined there. */
  readonly complete: boolean;
}
