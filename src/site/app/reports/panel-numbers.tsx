import { languageOf, localeText } from '../../../report/locale-text.ts'
import type { PanelIndex } from '../../data/dashboard-index.ts'
import { usePage } from '../context.ts'
import { useShown } from '../parts/small.tsx'
import type { Row } from './values.ts'

const ROWS_SHOWN = 24

/** The values of each row, with what they are. */
export function PanelNumbers({ panel, rows }: { readonly panel: PanelIndex; readonly rows: readonly Row[] }) {
  const { locale } = usePage()
  const { shown, more } = useShown(rows, ROWS_SHOWN)
  return (
    <>
      {shown.map((row, index) => (
        <dl key={index} class="figures">
          {panel.columns.map((column, at) =>
            column.hidden ? null : (
              <div key={column.name} class="figure">
                <dt>{column.label[languageOf(locale)]}</dt>
                <dd>{localeText(row[at] ?? null, column.format, locale) || '–'}</dd>
              </div>
            ),
          )}
        </dl>
      ))}
      {more}
    </>
  )
}
