import { useMemo } from 'preact/hooks'
import type { SiteColumn, SiteDetails, SiteInput, SiteLineage, SiteNode, SiteNodeLineage } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { hrefOf } from '../route.ts'
import { Markdown } from './markdown.tsx'
import { StatusMark, Tags } from './small.tsx'

interface ColumnTableProps {
  readonly node: SiteNode
  readonly number: number
  readonly details: SiteDetails
  /** The column that a link names. */
  readonly chosen: string | undefined
  readonly lineage: SiteLineage | undefined
}

/** The columns of a node: types, descriptions, tests, and where each comes from. */
export function ColumnTable({ node, number, details, chosen, lineage }: ColumnTableProps) {
  const { words } = usePage()
  const own = lineage?.[number] ?? undefined
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section class="scroll" aria-label={words.columns} tabIndex={0}>
        <table class="columns">
          <thead>
            <tr>
              <th scope="col">{words.name}</th>
              <th scope="col">{words.type}</th>
              <th scope="col">{words.description}</th>
              <th scope="col">{words.tests}</th>
              {own ? <th scope="col">{words.from}</th> : null}
            </tr>
          </thead>
          <tbody>
            {details.columns.map((column) => (
              <ColumnRow
                key={column.name}
                node={node}
                column={column}
                details={details}
                own={own}
                isChosen={column.name === chosen}
              />
            ))}
          </tbody>
        </table>
      </section>
      {own && (own.rows.length > 0 || own.unknown !== undefined) ? <Influences own={own} /> : null}
    </>
  )
}

interface ColumnRowProps {
  readonly node: SiteNode
  readonly column: SiteColumn
  readonly details: SiteDetails
  readonly own: SiteNodeLineage | undefined
  readonly isChosen: boolean
}

function ColumnRow({ node, column, details, own, isChosen }: ColumnRowProps) {
  const { words } = usePage()
  const inputs = own?.columns.find(({ name }) => name.toLowerCase() === column.name.toLowerCase())?.inputs
  return (
    <tr id={`column-${column.name}`} class={isChosen ? 'chosen' : undefined} aria-current={isChosen || undefined}>
      <th scope="row">
        <a href={hrefOf({ page: 'node', id: node.id, column: column.name })}>{column.name}</a>
        {column.isMissing ? <div class="muted">{words.notInDatabase}</div> : null}
      </th>
      <td>
        <code>{column.type ?? ''}</code>
      </td>
      <td>
        {column.description === '' ? null : <Markdown text={column.description} />}
        {column.tags.length + column.meta.length === 0 ? null : (
          <p class="column-meta">
            <Tags tags={column.tags} />
            {column.meta.map(([key, value]) => (
              <span key={key} class="meta">
                {key}: {value}
              </span>
            ))}
          </p>
        )}
      </td>
      <td>
        {column.tests.map((index) => {
          const test = details.tests[index]!
          return (
            <div key={index} class="column-test">
              <span>{test.generic ?? test.name}</span> <StatusMark status={test.results[0]?.status} />
            </div>
          )
        })}
      </td>
      {own ? (
        <td>
          {inputs && inputs.length > 0 ? <Inputs inputs={inputs} /> : null}
          {inputs ? (
            <a
              class="follow"
              href={hrefOf({ page: 'graph', node: node.id, column: column.name })}
              aria-label={words.followColumn(column.name)}
            >
              {words.follow} →
            </a>
          ) : null}
        </td>
      ) : null}
    </tr>
  )
}

function Inputs({ inputs }: { readonly inputs: readonly SiteInput[] }) {
  const { words, project } = usePage()
  return (
    <ul class="inputs">
      {inputs.map(([number, column, how]) => {
        const from = project.nodes[number]!
        return (
          <li key={`${number} ${column}`}>
            <span class="muted">{how === 'copied' ? words.copiedFrom : words.derivedFrom}</span>{' '}
            <a href={hrefOf({ page: 'node', id: from.id, ...(column === null ? {} : { column }) })}>
              {from.name}.{column ?? words.allColumns}
            </a>
          </li>
        )
      })}
    </ul>
  )
}

/** What decides which rows there are. */
function Influences({ own }: { readonly own: SiteNodeLineage }) {
  const { words, project } = usePage()
  const byHow = useMemo(() => Map.groupBy(own.rows, ([, , how]) => how), [own])
  return (
    <div class="influences">
      {own.unknown === undefined ? null : (
        <p class="muted">
          {words.unknownLineage}: {own.unknown}
        </p>
      )}
      {own.rows.length === 0 ? null : <h3>{words.rowsDecidedBy}</h3>}
      <ul>
        {[...byHow].map(([how, rows]) => (
          <li key={how}>
            <span class="muted">{words.influences[how]}:</span>{' '}
            {rows.map(([number, column, , columns], index) => {
              const from = project.nodes[number]!
              return (
                <span key={`${number} ${column}`}>
                  {index > 0 ? ', ' : ''}
                  <a href={hrefOf({ page: 'node', id: from.id, ...(column === null ? {} : { column }) })}>
                    {from.name}.{column ?? words.allColumns}
                  </a>
                  {columns ? ` (${words.forColumns} ${columns.join(', ')})` : ''}
                </span>
              )
            })}
          </li>
        ))}
      </ul>
    </div>
  )
}
