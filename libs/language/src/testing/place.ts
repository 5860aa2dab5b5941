import type { Findings, Position, Problem } from '../diagnostic.js';
import type { YamlFile } from '../source/yaml-file.js';
import type { Path } from '../source/yaml-path.js';

/** A place in a file, where problems can be reported. */
export interface Place {
  /** Where the value stands. */
  readonly position: Position;
  /** Reports a problem with the value. */
  error(problem: Problem): void;
  /** Reports a problem with a key of the value. */
  errorAtKey(key: string, problem: Problem): void;
  /** The place of a part of the value. */
  below(...path: Path): Place;
}

/** The place of the value at a path. */
export function placeAt(yaml: YamlFile, findings: Findings, path: Path): Place {
  return {
    position: yaml.positionOf(path),
    error: (problem) => findings.error(yaml.positionOf(path), problem),
    errorAtKey: (key, problem) => findings.error(yaml.positionOfKey([...path, key]), problem),
    below: (...more) => placeAt(yaml, findings, [...path, ...more]),
  };
}
