import type { SourceFile } from '../text/source-file.ts'
import type { CheckedProject } from './rule.ts'

/** A file in which comments may allow something. */
export interface LintedFile {
  readonly file: SourceFile
  /** Whether every rule has seen all that the file stands for: a comment that allowed nothing is idle then. */
  readonly isSeen: boolean
}

/**
 * The files of the nodes that are looked at and, where all of the project's nodes are, also the files that many nodes share:
 * macros and properties.
 */
export async function lintedFiles(project: CheckedProject): Promise<readonly LintedFile[]> {
  const { manifest, nodes } = project
  const parsed = new Set((await project.queries()).map(({ node }) => node.id))
  const files = new Map<string, LintedFile>()
  for (const { id, file } of nodes) {
    // Several snapshots may stand in one file.
    files.set(file.path, { file, isSeen: parsed.has(id) && (files.get(file.path)?.isSeen ?? true) })
  }
  const all = [...manifest.nodes.values()].filter(
    (node) => node.kind !== 'seed' && !(node.kind === 'test' && node.generic),
  )
  if (all.every(({ id }) => parsed.has(id))) {
    const macros = [...manifest.macros.values()].filter((macro) => macro.package === manifest.project.name)
    const shared = [
      ...macros.map(({ file }) => file),
      ...[...manifest.nodes.values()].flatMap((node) => node.patchFile ?? []),
    ]
    for (const file of shared) files.set(file.path, files.get(file.path) ?? { file, isSeen: true })
  }
  return [...files.values()]
}
