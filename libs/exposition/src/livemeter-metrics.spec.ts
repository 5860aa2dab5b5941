import { describe, expect, it } from '@jest/globals';
import { livemeterFamilies } from './livemeter-metrics.js';
import { renderPrometheus } from './text-format.js';

describe("the system's own metrics", () => {
  it('are rendered in name order, with their labels', async () => {
    const families = livemeterFamilies({
      stats: new Map([
        ['events_total|conversation|late', 2],
        ['events_total|agent|applied', 5],
        ['expression_no_result_total|conversation.Answered', 1],
        ['observations_dropped_total|consumer_wait_seconds|negative', 3],
        ['timer_firings_cut_total|agent', 4],
      ]),
      quarantine: { entries: 7, bytes: 900, dropped: 1, added: new Map([['bad-json', 8]]) },
      backlogEvents: 12,
      durable: true,
      catalog: { fingerprint: 'abc', version: 3, changedMs: 1500 },
    });
    let text = '';
    for await (const chunk of renderPrometheus(families)) text += chunk;
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'livemeter_backlog_events 12',
      'livemeter_catalog_changed_timestamp_seconds 1.5',
      'livemeter_catalog_info{fingerprint="abc",version="3"} 1',
      'livemeter_catalog_version 3',
      'livemeter_durable 1',
      'livemeter_events_total{entity="agent",outcome="applied"} 5',
      'livemeter_events_total{entity="conversation",outcome="late"} 2',
      'livemeter_expression_no_result_total{rule="conversation.Answered"} 1',
      'livemeter_observations_dropped_total{metric="consumer_wait_seconds",reason="negative"} 3',
      'livemeter_quarantine_added_total{reason="bad-json"} 8',
      'livemeter_quarantine_bytes 900',
      'livemeter_quarantine_dropped_total 1',
      'livemeter_quarantine_entries 7',
      'livemeter_timer_firings_cut_total{entity="agent"} 4',
    ]);
  });
});
