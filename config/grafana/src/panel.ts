import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardLinkBuilder,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';

/** The data source that is provisioned with the dashboards. */
export const DATA_SOURCE = { type: 'prometheus', uid: 'livemeter-prometheus' };

/** One query, and how its series are named in the legend, with labels in Grafana's braces: `{{agent_id}}`. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** What every panel has. The unit is Grafana's: s, percentunit, short, ops, bytes. */
export interface PanelSpec {
  readonly title: string;
  /** What the number means, in a sentence: it is shown on hovering. */
  readonly description: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** Yellow from the first on, red from the second on. */
  readonly alarm?: readonly [number, number];
  /** Green only from the second on, red below the first. */
  readonly goal?: readonly [number, number];
  /** Where a click leads: the uid of a dashboard, which gets the account and what else `variables` says. */
  readonly leadsTo?: { readonly uid: string; readonly title: string; readonly variables?: string };
}

/** A number of this moment, with its course behind it. Four to a row of six. */
export function number(spec: PanelSpec & { readonly expr: string }): Builder<Panel> {
  const panel = new Stat()
    .graphMode(BigValueGraphMode.Area)
    .colorMode(spec.alarm === undefined && spec.goal === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
    .span(4)
    .height(4)
    .withTarget(query({ expr: spec.expr }));
  return dressed(panel, spec);
}

/** A course over time. */
export function course(
  spec: PanelSpec & { readonly queries: readonly Query[]; readonly stacked?: boolean; readonly max?: number },
): Builder<Panel> {
  const panel = new TimeSeries()
    .drawStyle(GraphDrawStyle.Line)
    .lineWidth(2)
    .fillOpacity(spec.stacked === true ? 30 : 8)
    .min(0)
    .span(12)
    .height(8)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs([]),
    );
  if (spec.stacked === true) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (spec.max !== undefined) panel.max(spec.max);
  for (const each of spec.queries) panel.withTarget(query(each));
  return dressed(panel, spec);
}

/** Bars of this moment, the longest first. */
export function ranking(spec: PanelSpec & { readonly expr: string; readonly legend: string }): Builder<Panel> {
  const panel = new BarGauge()
    .orientation(VizOrientation.Horizontal)
    .min(0)
    .span(12)
    .height(10)
    .withTarget(query({ expr: `sort_desc(${spec.expr})`, legend: spec.legend }).instant());
  return dressed(panel, spec);
}

/** A table of this moment: one row for each label set of the queries, which are joined by their labels. */
export function table(
  spec: PanelSpec & { readonly columns: readonly { readonly name: string; readonly expr: string }[] },
): Builder<Panel> {
  const refs = spec.columns.map((_, index) => String.fromCharCode(65 + index));
  const panel = new Table().span(24).height(10).filterable(true);
  spec.columns.forEach((column, index) => {
    panel.withTarget(
      query({ expr: column.expr })
        .instant()
        .format(PromQueryFormat.Table)
        .refId(refs[index] ?? ''),
    );
  });
  const renameByName = Object.fromEntries(spec.columns.map((column, index) => [`Value #${refs[index]}`, column.name]));
  return dressed(panel, spec)
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true }, renameByName } });
}

type AnyPanel = Stat | TimeSeries | BarGauge | Table;

function dressed<P extends AnyPanel>(panel: P, spec: PanelSpec): P {
  panel.title(spec.title).description(spec.description).datasource(DATA_SOURCE);
  if (spec.unit !== undefined) panel.unit(spec.unit);
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  const steps = stepsOf(spec);
  if (steps !== null) {
    panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps));
    if (!(panel instanceof TimeSeries)) panel.colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds));
  }
  if (spec.leadsTo !== undefined) panel.dataLinks([linkTo(spec.leadsTo)]);
  return panel;
}

function stepsOf({ alarm, goal }: PanelSpec): { value: number | null; color: string }[] | null {
  const given = alarm ?? goal;
  if (given === undefined) return null;
  const [low, middle, high] = alarm === undefined ? ['red', 'yellow', 'green'] : ['green', 'yellow', 'red'];
  return [
    { value: null, color: low ?? '' },
    { value: given[0], color: middle ?? '' },
    { value: given[1], color: high ?? '' },
  ];
}

function linkTo({ uid, title, variables }: NonNullable<PanelSpec['leadsTo']>): DashboardLinkBuilder {
  const more = variables === undefined ? '' : `&${variables}`;
  return new DashboardLinkBuilder(title).url(`/d/${uid}?\${account:queryparam}&\${__url_time_range}${more}`);
}

function query({ expr, legend }: Query): DataqueryBuilder {
  const builder = new DataqueryBuilder().datasource(DATA_SOURCE).expr(expr);
  return legend === undefined ? builder : builder.legendFormat(legend);
}
