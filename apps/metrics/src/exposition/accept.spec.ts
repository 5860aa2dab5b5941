import { describe, expect, it } from '@jest/globals';
import { prefersOpenMetrics } from './accept.js';

describe('the choice between the two text formats', () => {
  it.each([
    { accept: undefined, want: false },
    { accept: '', want: false },
    { accept: '*/*', want: false },
    { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', want: false },
    { accept: 'text/plain;version=0.0.4', want: false },
    { accept: 'application/openmetrics-text', want: true },
    { accept: 'Application/OpenMetrics-Text; version=1.0.0; charset=utf-8', want: true },
    { accept: 'application/openmetrics-text;q=0', want: false },
    { accept: 'application/openmetrics-text;q=0.1, text/plain', want: false },
    {
      accept:
        'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,' +
        'text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      want: true,
    },
  ])('$accept', ({ accept, want }) => {
    expect(prefersOpenMetrics(accept)).toBe(want);
  });
});
