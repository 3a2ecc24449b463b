import { join } from 'node:path'
import type { ProjectLineage } from '../lineage/node-lineage.ts'
import { writeManyAtomically } from '../report/artifacts/write-many.ts'
import { declaredRelations } from '../report/declared-relations.ts'
import { typeDeclarations } from '../report/type-declarations.ts'
import type { LoadedProject } from './load-project.ts'
import { writing } from './output-files.ts'

/**
 * What is known once a whole project was bound: `lineage.json`, with the columns of every node, their types and where they
 * come from, and `types/`, TypeScript declarations of the relations, one file for each top folder of models.
 */
export async function writeBound(project: LoadedProject, lineage: ProjectLineage): Promise<void> {
  const { targetPath, manifest, context } = project
  const nodes = Object.fromEntries([...lineage.nodes].sort(([a], [b]) => (a < b ? -1 : 1)))
  const types = typeDeclarations(declaredRelations(manifest, lineage))
  await writing(() =>
    writeManyAtomically(
      [
        [join(targetPath, 'lineage.json'), `${JSON.stringify({ nodes }, null, 1)}\n`],
        ...[...types].map(([folder, text]) => [join(targetPath, 'types', `${folder}.d.ts`), text] as const),
      ],
      [...context.secrets],
    ),
  )
}
