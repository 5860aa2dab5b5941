import { describe, expect, it } from '@jest/globals';
import { summarise } from './summary.js';

describe('the numbers in one line', () => {
  it('adds up what has several series and divides what is a mean', () => {
    const text = [
      '# TYPE agents_present gauge',
      'agents_present{account_id="a"} 12',
      'account_load_ratio{account_id="a"} 0.834',
      'conversations_awaiting_response{account_id="a",agent_id="1"} 3',
      'conversations_awaiting_response{account_id="a",agent_id=""} 2',
      'agent_response_time_seconds_bucket{account_id="a",agent_id="1",le="+Inf"} 4',
      'agent_response_time_seconds_sum{account_id="a",agent_id="1"} 50',
      'agent_response_time_seconds_count{account_id="a",agent_id="1"} 4',
      'ttr_breaches_total{account_id="a",agent_id="1"} 1',
      '',
    ].join('\n');
    expect(summarise(text)).toBe(
      '12 agents · load 83 % · 5 conversations wait for an answer · 4 answers · ART 12.5 s · 1 deadlines missed',
    );
  });

  it('is empty when nothing has come yet', () => {
    expect(summarise('# TYPE agents_present gauge\n')).toBe('');
  });
});
