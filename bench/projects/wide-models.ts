import { seededRandom } from '../inputs/random.ts'

/** How many models read nothing; the others read earlier ones. */
const FIRST = 50
const COLUMNS = 20

/** Models of 20 columns, of which all but the first 50 select these from one earlier model, or from two that they join. */
export function wideModelsProject(models: number, refs: 1 | 2): ReadonlyMap<string, string> {
  const random = seededRandom(4)
  const files = new Map<string, string>()
  for (let index = 0; index < models; index += 1) {
    const parents = Array.from({ length: index < FIRST ? 0 : refs }, () => nameOf(random.below(index)))
    files.set(`models/${nameOf(index)}.sql`, modelText(parents))
  }
  return files
}

function nameOf(index: number): string {
  return `wide_${String(index).padStart(4, '0')}`
}

/** Even columns are numbers, odd ones texts. */
function modelText([first, second]: readonly string[]): string {
  const columns = Array.from({ length: COLUMNS }, (_, column) => `column_${column}`)
  if (first === undefined) {
    const values = columns.map((name, column) => (column % 2 === 0 ? `${column} as ${name}` : `'${column}' as ${name}`))
    return `select\n  ${values.join(',\n  ')}\n`
  }
  const from = `from {{ ref('${first}') }} as a\n`
  if (second === undefined) return `select\n  ${columns.map((name) => `a.${name}`).join(',\n  ')}\n${from}`
  const taken = columns.map((name, column) => `${column % 3 === 0 ? 'b' : 'a'}.${name}`)
  return `select\n  ${taken.join(',\n  ')}\n${from}join {{ ref('${second}') }} as b on b.column_0 = a.column_0\n`
}
