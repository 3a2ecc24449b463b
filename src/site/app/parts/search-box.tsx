import { useEffect, useRef, useState } from 'preact/hooks'
import { usePage } from '../context.ts'
import { hrefOf } from '../route.ts'
import type { Found } from '../search.ts'
import { useSearch } from '../use-search.ts'

const SUGGESTIONS = 8

/** The search in the head of the page: suggestions while one types, Enter for the chosen one or for all results. */
export function SearchBox() {
  const { words, project } = usePage()
  const [text, setText] = useState('')
  const [isOpen, setIsOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const input = useRef<HTMLInputElement>(null)
  const search = useSearch(isOpen)
  const found = search ? search.find(text).slice(0, SUGGESTIONS) : []
  const isShown = isOpen && text.trim() !== '' && search !== undefined
  useFocusKey(input)

  const leave = (href: string) => {
    location.hash = href
    setIsOpen(false)
    setText('')
    input.current?.blur()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      const count = found.length + 1
      setActive(((active + 1 + step + count) % count) - 1)
    } else if (event.key === 'Enter' && text.trim() !== '') {
      const chosen = found[active]
      leave(chosen ? hrefTo(chosen) : hrefOf({ page: 'search', text: text.trim() }))
    } else if (event.key === 'Escape') {
      setIsOpen(false)
      input.current?.blur()
    }
  }
  const hrefTo = ({ node }: Found) => hrefOf({ page: 'node', id: project.nodes[node]!.id })

  return (
    <search class="search">
      <input
        ref={input}
        type="search"
        // biome-ignore lint/a11y/noRedundantRoles: it has no list of its own
        role="combobox"
        list={undefined}
        aria-label={words.search}
        aria-expanded={isShown}
        aria-controls="search-suggestions"
        aria-autocomplete="list"
        aria-activedescendant={isShown && active >= 0 ? `suggestion-${active}` : undefined}
        placeholder={words.searchPlaceholder}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value)
          setActive(-1)
          setIsOpen(true)
        }}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onKeyDown={onKeyDown}
      />
      <kbd>/</kbd>
      <div id="search-suggestions" role="listbox" aria-label={words.searchResults} hidden={!isShown}>
        {found.map(({ node, fields }, index) => {
          const target = project.nodes[node]!
          return (
            <div
              key={target.id}
              id={`suggestion-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              // Before the field loses the focus and the list goes.
              onMouseDown={(event) => {
                event.preventDefault()
                leave(hrefTo({ node, fields }))
              }}
            >
              <span class={`dot dot-${target.kind}`} aria-hidden="true" />
              <span class="suggestion-name">{target.name}</span>
              <span class="muted">{words.kinds[target.kind]}</span>
              <span class="suggestion-text">{target.summary}</span>
            </div>
          )
        })}
        {isShown && found.length === 0 ? (
          <div role="option" tabIndex={-1} aria-selected="false" aria-disabled="true" class="muted">
            {words.nothingFound}
          </div>
        ) : null}
      </div>
    </search>
  )
}

/** `/` and Ctrl+K go to the search, as elsewhere. */
function useFocusKey(input: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select')
      const isSlash = event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey
      const isControlK = event.key === 'k' && (event.ctrlKey || event.metaKey)
      if (!isSlash && !isControlK) return
      event.preventDefault()
      input.current?.focus()
      input.current?.select()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
