import type { Value } from './catalog.js';
import type { Position } from './diagnostic.js';

/** A place in the definitions where something is decided: what stands there is evaluated while events are applied. */
export interface Site extends Position {
  /**
   * `when`: the condition of an own event or a metric. `set`: the new value of a field, evaluated when its rule takes
   * effect. `choice`: what stands before a `?`.
   */
  readonly kind: 'when' | 'set' | 'choice';
  /** The definition that it belongs to; of a choice, its own text. */
  readonly name: string;
  /** Where that definition stands; of a choice, the place itself. */
  readonly of: Position;
}

/** Is shown every site while a catalog is compiled, and takes what it comes to then, each time that it is evaluated. */
export type Watch = (site: Site) => (value: Value | undefined) => void;
