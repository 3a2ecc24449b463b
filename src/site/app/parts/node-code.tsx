import { useState } from 'preact/hooks'
import type { SiteDetails, SiteNode } from '../../site-data.ts'
import { usePage } from '../context.ts'
import { Section } from './small.tsx'
import { SqlCode } from './sql-code.tsx'

/** The SQL of a node before and after compilation. */
export function NodeCode({ node, details }: { readonly node: SiteNode; readonly details: SiteDetails }) {
  const { words } = usePage()
  const [isCompiled, setIsCompiled] = useState(false)
  if (details.code === undefined) return null
  const choices = [
    [false, words.written],
    [true, words.compiled],
  ] as const
  return (
    <Section
      id="code"
      title={words.code}
      aside={
        // biome-ignore lint/a11y/useSemanticElements: two buttons of which one is pressed need no form
        <div class="switch" role="group" aria-label={words.code}>
          {choices.map(([value, name]) => (
            <button key={name} type="button" aria-pressed={isCompiled === value} onClick={() => setIsCompiled(value)}>
              {name}
            </button>
          ))}
        </div>
      }
    >
      {!isCompiled ? (
        <SqlCode sql={details.code} label={`${node.name}, ${words.written}`} />
      ) : details.compiled !== undefined ? (
        <SqlCode sql={details.compiled} label={`${node.name}, ${words.compiled}`} />
      ) : (
        <NotCompiled details={details} />
      )}
    </Section>
  )
}

function NotCompiled({ details }: { readonly details: SiteDetails }) {
  const { words } = usePage()
  if (details.notCompiled !== undefined) {
    return (
      <p class="muted">
        {words.notCompiled}: {details.notCompiled}
      </p>
    )
  }
  const isPerValue = details.settings.some(([key]) => key === 'per_value')
  return <p class="muted">{isPerValue ? words.compiledAtRunTime : words.notCompiledHere}</p>
}
