import { written } from './report.js';
import type { Growth } from './result.js';

const CELL = { width: 360, height: 220 };
const PLOT = { left: 64, right: 16, top: 40, bottom: 44 };
const COLUMNS = 2;

/** How each thing grows: one small picture each, logarithmic to the right, from zero upwards. No font or script from elsewhere. */
export function chartOf(growths: readonly Growth[]): string {
  const rows = Math.ceil(growths.length / COLUMNS);
  const [width, height] = [CELL.width * COLUMNS, CELL.height * rows];
  const cells = growths.map((growth, index) => {
    const x = (index % COLUMNS) * CELL.width;
    const y = Math.floor(index / COLUMNS) * CELL.height;
    return `<g transform="translate(${x} ${y})">${cellOf(growth)}</g>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif" font-size="11" role="img" aria-label="Throughput as things grow">\n` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>\n${cells.join('\n')}\n</svg>\n`
  );
}

function cellOf({ title, x, y, points }: Growth): string {
  const [right, bottom] = [CELL.width - PLOT.right, CELL.height - PLOT.bottom];
  const top = Math.max(...points.map((point) => point.y), 1) * 1.1;
  const logs = points.map((point) => Math.log10(point.x));
  const [first, last] = [Math.min(...logs), Math.max(...logs)];
  const at = (point: Growth['points'][number]): [number, number] => [
    PLOT.left + ((Math.log10(point.x) - first) / (last - first || 1)) * (right - PLOT.left),
    bottom - (point.y / top) * (bottom - PLOT.top),
  ];
  const spots = points.map((point) => ({ point, place: at(point) }));
  const line = spots.map(({ place: [px, py] }) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  return [
    text([CELL.width / 2, 16, 'middle'], title, ' font-weight="bold" font-size="13"'),
    text([CELL.width / 2, 30, 'middle'], y, ' fill="#555555"'),
    `<path d="M${PLOT.left} ${PLOT.top}V${bottom}H${right}" fill="none" stroke="#999999"/>`,
    text([PLOT.left - 6, PLOT.top + 4, 'end'], written(top)),
    text([PLOT.left - 6, bottom + 4, 'end'], '0'),
    text([(PLOT.left + right) / 2, CELL.height - 8, 'middle'], x, ' fill="#555555"'),
    `<polyline points="${line}" fill="none" stroke="#1f6feb" stroke-width="2"/>`,
    ...spots.flatMap(({ point, place: [px, py] }) => [
      `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="#1f6feb"/>`,
      text([px, py - 7, 'middle'], written(point.y)),
      text([px, bottom + 15, 'middle'], written(point.x)),
    ]),
  ].join('');
}

type Place = readonly [x: number, y: number, anchor: 'start' | 'middle' | 'end'];

function text([x, y, anchor]: Place, content: string, more = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${more}>${escaped}</text>`;
}
