import { usePage } from '../context.ts'
import { useData } from '../data.ts'
import { NodeLink, Table, Wait } from '../parts/small.tsx'

/** What `lavra check` found when the documentation was made. */
export function FindingsPage() {
  const { words, project } = usePage()
  const counts = project.index.findings
  const findings = useData(counts ? 'findings' : undefined)
  const classes = { error: 'fail', warning: 'warn' } as const
  return (
    <>
      <div class="page-head">
        <h1>{words.findings}</h1>
        {counts && counts.errors + counts.warnings > 0 ? (
          <p class="muted">{words.findingCounts(counts.errors, counts.warnings)}</p>
        ) : null}
      </div>
      {counts === undefined ? (
        <p class="muted">{words.notChecked}</p>
      ) : (
        <Wait data={findings}>
          {(found) =>
            found.length === 0 ? (
              <p class="muted">{words.noFindings}</p>
            ) : (
              <Table
                label={words.findings}
                head={[words.severity, words.code_, words.message, words.name, words.place]}
                rows={found.map(({ severity, code, message, hint, node, path, line, column }) => [
                  <span class={`status status-${classes[severity]}`}>{words.severities[severity]}</span>,
                  <code>{code}</code>,
                  <>
                    {message}
                    {hint === undefined ? null : <div class="muted">{hint}</div>}
                  </>,
                  node === undefined ? '' : <NodeLink node={project.nodes[node]!} />,
                  path === undefined ? '' : <code>{`${path}:${line}:${column}`}</code>,
                ])}
              />
            )
          }
        </Wait>
      )}
    </>
  )
}
