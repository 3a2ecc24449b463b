// The small pieces that every page is made of.
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import type { SiteNode, SiteNodeKind, SiteStatus } from '../../site-data.ts'
import { usePage } from '../context.ts'
import type { Loaded } from '../data.ts'
import { hrefOf } from '../route.ts'

export function KindMark({ kind }: { readonly kind: SiteNodeKind }) {
  return <span class={`kind kind-${kind}`}>{usePage().words.kinds[kind]}</span>
}

/** A link to the page of a node, with the mark of its kind. */
export function NodeLink({ node, column }: { readonly node: SiteNode; readonly column?: string | undefined }) {
  const { words } = usePage()
  return (
    <a class="node-link" href={hrefOf({ page: 'node', id: node.id, ...(column === undefined ? {} : { column }) })}>
      <span class={`dot dot-${node.kind}`} title={words.kinds[node.kind]} aria-hidden="true" />
      {node.name}
    </a>
  )
}

/** How something ended: a sign, a colour and a word. */
export function StatusMark({ status }: { readonly status: SiteStatus | undefined }) {
  const { words } = usePage()
  if (status === undefined) return <span class="status status-none">{words.notRun}</span>
  return <span class={`status status-${status}`}>{words.statuses[status]}</span>
}

/** How many tests of a node passed; what did not pass stands out. */
export function TestMark({ node }: { readonly node: SiteNode }) {
  const { words } = usePage()
  const { total, passed, warned, failed } = node.tests
  if (total === 0) return <span class="muted">–</span>
  const status = failed > 0 ? 'fail' : warned > 0 ? 'warn' : passed > 0 ? 'pass' : 'none'
  return (
    <span class={`status status-${status}`} title={words.testsOf(passed, total)}>
      {passed}/{total}
    </span>
  )
}

export function Tags({ tags }: { readonly tags: readonly string[] }) {
  return (
    <>
      {tags.map((tag) => (
        <a key={tag} class="tag" href={hrefOf({ page: 'graph', tag })}>
          {tag}
        </a>
      ))}
    </>
  )
}

export function Moment({ iso }: { readonly iso: string }) {
  const { format } = usePage()
  return (
    <time dateTime={iso} title={format.moment(iso)}>
      {format.ago(iso)}
    </time>
  )
}

/** What was loaded, or that it is not there yet. */
export function Wait<Value>(props: {
  readonly data: Loaded<Value>
  readonly children: (value: Value) => ComponentChildren
}) {
  const { words } = usePage()
  const { data } = props
  if (data.status === 'ready') return <>{props.children(data.value)}</>
  return data.status === 'loading' ? <p class="muted">{words.loading}</p> : <Failure message={data.message} />
}

/** Data that cannot be read: they may have been made again since the page was opened. */
export function Failure({ message }: { readonly message: string }) {
  const { words } = usePage()
  return (
    <p role="alert">
      {words.failed}: {message}. {words.madeAgain}{' '}
      <button type="button" class="button" onClick={() => location.reload()}>
        {words.reload}
      </button>
    </p>
  )
}

/** A page of something that is not there, or not any more. */
export function NotFound({ id }: { readonly id?: string }) {
  const { words } = usePage()
  return (
    <div class="page-head">
      <h1>{words.notFound}</h1>
      {id === undefined ? null : (
        <p>
          <code>{id}</code>
        </p>
      )}
      <p class="muted">{words.notFoundHint}</p>
    </div>
  )
}

export function CopyButton({ text, label }: { readonly text: () => string; readonly label: string }) {
  const { words } = usePage()
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await copyText(text())
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), 2000)
  }
  return (
    <button type="button" class="button" onClick={copy}>
      <span aria-live="polite">{isCopied ? words.copied : label}</span>
    </button>
  )
}

/** A page on a disk has no clipboard of its own in some browsers. */
async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}

export function Section(props: {
  readonly id: string
  readonly title: string
  readonly aside?: ComponentChildren
  readonly children: ComponentChildren
}) {
  return (
    <section class="section" aria-labelledby={`section-${props.id}`}>
      <div class="section-head">
        <h2 id={`section-${props.id}`}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  )
}

/** A table that scrolls by itself where it does not fit, also with the keyboard. */
export function Table(props: {
  readonly label: string
  readonly head: readonly ComponentChildren[]
  /** Columns of numbers, by position. */
  readonly numbers?: readonly number[]
  readonly rows: readonly (readonly ComponentChildren[])[]
}) {
  const className = (index: number) => (props.numbers?.includes(index) ? 'number' : undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section class="scroll" aria-label={props.label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.head.map((cell, index) => (
              <th key={index} scope="col" class={className(index)}>
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, index) => (
                <td key={index} class={className(index)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** A list that shows its beginning, and the rest when it is asked for. */
export function useShown<Item>(items: readonly Item[], limit: number) {
  const { words, format } = usePage()
  const [isWhole, setIsWhole] = useState(false)
  const hasMore = !isWhole && items.length > limit
  return {
    shown: hasMore ? items.slice(0, limit) : items,
    more: hasMore ? (
      <button type="button" class="button" onClick={() => setIsWhole(true)}>
        {words.showAll(items.length).replace(String(items.length), format.count(items.length))}
      </button>
    ) : null,
  }
}
