import { useEffect, useState } from 'preact/hooks'
import { usePage } from '../context.ts'
import { KindMark, NodeLink, Tags, useShown } from '../parts/small.tsx'
import { hrefOf } from '../route.ts'
import type { SearchField } from '../search.ts'
import { useSearch } from '../use-search.ts'

/** All results of a search, best first. */
export function SearchPage({ text }: { readonly text: string }) {
  const { words, project, format } = usePage()
  const [written, setWritten] = useState(text)
  useEffect(() => setWritten(text), [text])
  const search = useSearch(true)
  const found = search?.find(text) ?? []
  const { shown, more } = useShown(found, 50)
  const fieldNames = (fields: readonly SearchField[]) =>
    fields.flatMap((field) => (field === 'name' ? [] : [words.foundIn[field]]))
  return (
    <>
      <div class="page-head">
        <h1>{words.search}</h1>
        <form
          class="search-form"
          onSubmit={(event) => {
            event.preventDefault()
            location.hash = hrefOf({ page: 'search', text: written.trim() })
          }}
        >
          <input
            type="search"
            aria-label={words.search}
            placeholder={words.searchPlaceholder}
            value={written}
            onInput={(event) => setWritten(event.currentTarget.value)}
          />
          <button type="submit" class="button">
            {words.search}
          </button>
        </form>
        <p class="muted" aria-live="polite">
          {search === undefined
            ? words.loading
            : found.length === 0
              ? words.nothingFound
              : words.results(found.length).replace(String(found.length), format.count(found.length))}
        </p>
      </div>
      <ol class="results">
        {shown.map(({ node, fields }) => {
          const target = project.nodes[node]!
          const inFields = fieldNames(fields)
          return (
            <li key={target.id}>
              <p>
                <NodeLink node={target} /> <KindMark kind={target.kind} /> <Tags tags={target.tags} />
              </p>
              <p>{target.summary}</p>
              <p class="muted">
                <code>{target.path}</code>
                {inFields.length === 0 ? '' : ` · ${inFields.join(', ')}`}
              </p>
            </li>
          )
        })}
      </ol>
      {more}
    </>
  )
}
