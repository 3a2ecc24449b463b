import { usePage } from '../context.ts'
import { useShown } from '../parts/small.tsx'
import type { ChartData } from './chart-data.ts'
import { labelOf, valueText } from './chart-text.ts'

/** Bars of a list, which is as long as it is. */
const BARS_SHOWN = 50

/** Bars below each other, with the text of each: a picture that is a table. */
export function BarList({ data }: { readonly data: ChartData }) {
  const { locale } = usePage()
  const greatest = Math.max(
    0,
    ...data.lines.map(({ y }) => y.reduce<number>((most, value) => Math.max(most, Math.abs(value ?? 0)), 0)),
  )
  const slots = data.x.map((_, slot) => slot)
  const { shown, more } = useShown(slots, BARS_SHOWN)
  const isNamed = data.lines.length > 1
  return (
    <>
      {isNamed ? (
        <ul class="chart-legend">
          {data.lines.map(({ name }, index) => (
            <li key={index}>
              <span class="swatch" style={{ background: colorOf(index) }} aria-hidden="true" />
              {name}
            </li>
          ))}
        </ul>
      ) : null}
      <dl class="bar-list">
        {shown.map((slot) => (
          <div key={slot} class="bar-row">
            <dt>{labelOf(data, slot, locale)}</dt>
            {data.lines.map(({ name, column, y, values }, index) => {
              const value = y[slot]
              if (value === undefined) return null
              const share = greatest === 0 ? 0 : (Math.abs(value ?? 0) / greatest) * 100
              return (
                <dd key={index}>
                  <span
                    class={(value ?? 0) < 0 ? 'bar-track bar-negative' : 'bar-track'}
                    style={{ width: `${share * 0.7}%`, background: colorOf(index) }}
                    aria-hidden="true"
                  />
                  {isNamed ? <span class="for-readers">{name}: </span> : null}
                  {valueText(values[slot], column, locale)}
                </dd>
              )
            })}
          </div>
        ))}
      </dl>
      {more}
    </>
  )
}

function colorOf(line: number): string {
  return `var(--line-${line + 1})`
}
