import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  QueryVariableBuilder,
  RowBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DATA_SOURCE } from './panel.js';

/** The label that every metric of the catalog has, chosen at the top of the dashboard. */
export const ACCOUNT = 'account_id=~"$account"';

/** The chosen agents, where a dashboard has that choice. */
export const AGENT = 'agent_id=~"$agent"';

/** A row of panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Builder<Panel>[];
}

export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** What can be chosen at the top: by account for all, by agent for some, nothing for the pipeline. */
  readonly choices: readonly ('account' | 'agent')[];
  readonly rows: readonly Row[];
}

const CHOICES = {
  account: { label: 'Account', values: 'label_values(conversations_open, account_id)' },
  agent: { label: 'Agent', values: `label_values(agent_info{${ACCOUNT}}, agent_id)` },
};

/** A dashboard that anybody may look at and nobody edits: it is generated. All of them link to each other. */
export function dashboard(spec: DashboardSpec): DashboardBuilder {
  const builder = new DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags(['livemeter'])
    .readonly()
    .refresh('15s')
    .time({ from: 'now-3h', to: 'now' })
    .timezone('browser')
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Livemeter')
        .type(DashboardLinkType.Dashboards)
        .tags(['livemeter'])
        .asDropdown(true)
        .includeVars(true)
        .keepTime(true),
    );
  for (const name of spec.choices) builder.withVariable(choice(name));
  for (const row of spec.rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panel);
  }
  return builder;
}

function choice(name: 'account' | 'agent'): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(CHOICES[name].label)
    .datasource(DATA_SOURCE)
    .query(CHOICES[name].values)
    .definition(CHOICES[name].values)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ text: 'All', value: '$__all', selected: true })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}
