export interface Bar {
  readonly key: string
  readonly value: number
  readonly status: string
  /** What the bar stands for, in words. */
  readonly title: string
  readonly href?: string
}

const HEIGHT = 72
const WIDTH = 12
const GAP = 3

/** Bars from the oldest to the newest, each a link with its meaning as text. */
export function BarChart(props: {
  readonly bars: readonly Bar[]
  readonly label: string
  readonly unit: (value: number) => string
}) {
  const greatest = props.bars.reduce((most, { value }) => Math.max(most, value), 0)
  const width = props.bars.length * (WIDTH + GAP)
  return (
    <figure class="chart">
      <figcaption>
        <span>{props.label}</span>
        <span class="muted">≤ {props.unit(greatest)}</span>
      </figcaption>
      <div class="bars">
        {/* biome-ignore lint/a11y/useSemanticElements: a picture whose parts are links is a group */}
        <svg role="group" aria-label={props.label} width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
          {props.bars.map((bar, index) => {
            const height = Math.max(2, greatest === 0 ? 2 : (bar.value / greatest) * (HEIGHT - 2))
            const shape = (
              <rect
                class={`bar bar-${bar.status}`}
                x={index * (WIDTH + GAP)}
                y={HEIGHT - height}
                width={WIDTH}
                height={height}
                rx={1.5}
              >
                <title>{bar.title}</title>
              </rect>
            )
            return bar.href === undefined ? (
              <g key={bar.key}>{shape}</g>
            ) : (
              <a key={bar.key} href={bar.href} aria-label={bar.title}>
                {shape}
              </a>
            )
          })}
        </svg>
      </div>
    </figure>
  )
}
