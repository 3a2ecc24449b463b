import { usePage } from '../context.ts'
import { sqlTokens } from '../sql-tokens.ts'
import { CopyButton } from './small.tsx'

/** SQL with its words set off, and a button that copies it. */
export function SqlCode({ sql, label }: { readonly sql: string; readonly label: string }) {
  const { words } = usePage()
  return (
    <div class="code">
      <CopyButton text={() => sql} label={words.copy} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <section class="code-text" tabIndex={0} aria-label={label}>
        <pre>
          <code>
            {sqlTokens(sql.replace(/\s+$/, '')).map(({ kind, text }, index) =>
              kind === 'plain' ? (
                text
              ) : (
                <span key={index} class={`sql-${kind}`}>
                  {text}
                </span>
              ),
            )}
          </code>
        </pre>
      </section>
    </div>
  )
}
