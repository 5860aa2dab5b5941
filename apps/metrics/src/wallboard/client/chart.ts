import type uPlot from 'uplot';

/** A course as REST tells it. */
export interface Course {
  readonly from: string;
  readonly step: number;
  readonly series: readonly { readonly values: readonly (number | null)[] }[];
}

/** Draws a course into an element, and again whenever there is a newer one. */
export class CourseChart {
  private plot: uPlot | null = null;

  constructor(private readonly element: HTMLElement) {
    new ResizeObserver(() => this.plot?.setSize(this.size())).observe(element);
  }

  draw(course: Course | null): void {
    const values = course?.series[0]?.values ?? [];
    const from = course === null ? 0 : Date.parse(course.from) / 1000;
    const times = values.map((_, index) => from + index * (course?.step ?? 60));
    this.element.setAttribute('aria-label', describe(values));
    const data: uPlot.AlignedData = [times, [...values]];
    if (this.plot === null) this.plot = this.make(data);
    else this.plot.setData(data);
  }

  /** Takes over the colours of the page. */
  recolour(): void {
    const data = this.plot?.data;
    this.plot?.destroy();
    this.plot = data === undefined ? null : this.make(data);
  }

  private make(data: uPlot.AlignedData): uPlot {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
    const { uPlot: Plot } = globalThis as unknown as { uPlot: typeof uPlot };
    const line = { label: 'Seconds', stroke: colour('--bar'), width: 2.5, points: { show: false } };
    const range: uPlot.Range.Function = (_plot, _least, most) => [0, Math.max(10, most * 1.15)];
    return new Plot(
      { ...this.size(), legend: { show: false }, scales: { y: { range } }, series: [{}, line], axes: [axis, axis] },
      data,
      this.element,
    );
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(200, this.element.clientWidth), height: this.element.clientHeight };
  }
}

function describe(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return 'No response times in the last hour.';
  const [least, most, last] = [Math.min(...known), Math.max(...known), known.at(-1) ?? 0].map(Math.round);
  return `Response time over the last hour: now ${last} seconds, between ${least} and ${most}.`;
}
