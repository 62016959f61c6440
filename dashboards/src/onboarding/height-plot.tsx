/** Heights of people over their distance: a dot for the median, a line for the middle half, a band for what is expected. */
import type { HeightCheck } from '#models/schema/calibration-check.ts';
import { useWords } from '../words/language.tsx';

const [WIDTH, HEIGHT] = [640, 360];
const MARGIN = { left: 52, right: 18, top: 18, bottom: 46 };
/** What a person's height may be off by before it means anything, as a share. */
const TOLERANCE = 0.08;

export function HeightPlot({ check: { bins, expectedM } }: { check: HeightCheck }) {
  const words = useWords();
  const farM = Math.ceil((Math.max(...bins.map(({ distanceM }) => distanceM)) * 1.08) / 10) * 10;
  const topM = Math.max(2.4, ...bins.map(({ highM }) => highM)) + 0.1;
  const x = (distanceM: number) => MARGIN.left + (distanceM / farM) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (heightM: number) => HEIGHT - MARGIN.bottom - (heightM / topM) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const heights = [0, 0.5, 1, 1.5, 2, 2.5, 3].filter((heightM) => heightM <= topM);
  const distances = Array.from({ length: 6 }, (_, index) => Math.round((farM * index) / 5));
  const spoken = bins.map(({ distanceM, medianM }) => `${distanceM}: ${medianM}`).join(', ');
  return (
    <svg className="height-plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={spoken}>
      <rect
        className="expected"
        x={x(0)}
        width={x(farM) - x(0)}
        y={y(expectedM * (1 + TOLERANCE))}
        height={y(expectedM * (1 - TOLERANCE)) - y(expectedM * (1 + TOLERANCE))}
      />
      {heights.map((heightM) => (
        <g key={heightM}>
          <line className="rule" x1={x(0)} x2={x(farM)} y1={y(heightM)} y2={y(heightM)} />
          <text x={x(0) - 8} y={y(heightM) + 4} textAnchor="end">
            {heightM}
          </text>
        </g>
      ))}
      {distances.map((distanceM) => (
        <text key={distanceM} x={x(distanceM)} y={HEIGHT - MARGIN.bottom + 18} textAnchor="middle">
          {distanceM}
        </text>
      ))}
      <text x={(x(0) + x(farM)) / 2} y={HEIGHT - 8} textAnchor="middle">
        {words.calibration.axisDistance}
      </text>
      <text x={-HEIGHT / 2 + 10} y={14} textAnchor="middle" transform="rotate(-90)">
        {words.calibration.axisHeight}
      </text>
      <polyline
        className="medians"
        points={bins.map(({ distanceM, medianM }) => `${x(distanceM)},${y(medianM)}`).join(' ')}
      />
      {bins.map(({ distanceM, medianM, lowM, highM }) => (
        <g key={distanceM}>
          <line className="half" x1={x(distanceM)} x2={x(distanceM)} y1={y(lowM)} y2={y(highM)} />
          <circle cx={x(distanceM)} cy={y(medianM)} r={5} />
        </g>
      ))}
    </svg>
  );
}
