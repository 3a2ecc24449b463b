import { labelOf } from '../../lineage/find-node.ts'
import { declarationOf, personalDataOf, propertiesOf } from '../../lineage/personal-data.ts'
import { findGraphNode } from '../../manifest/manifest.ts'
import type { Model } from '../../manifest/nodes.ts'
import type { CheckedProject, Finding, Rule } from '../rule.ts'

/** What readers get: a column that says of itself what it holds is masked in reports. */
export const personalData: Rule = {
  code: 'personal-data',
  severity: 'error',
  summary: 'Personal data reaches what is published for readers, and the column there does not say so.',
  find(project) {
    const ofColumn = personalDataOf(project.manifest, project.lineage)
    return project.nodes
      .filter((node): node is Model => isForReaders(node, project))
      .flatMap((model) => {
        const columns = project.lineage.nodes.get(model.id)?.columns ?? []
        return columns.flatMap(({ name, inputs }): readonly Finding[] => {
          const from = inputs.flatMap(({ node, column }) => {
            const found = column === undefined ? undefined : ofColumn(node, column)
            return found ? [found] : []
          })
          const [first] = from
          const declared = declarationOf(project.manifest, model.id, name)
          if (!first || typeof declared === 'string') return []
          const properties = propertiesOf(project.manifest, model.id, name)
          if (declared === false && isText(properties?.meta.pii_reason)) return []
          const origin = findGraphNode(project.manifest, first.declaredAt.node)
          const label =
            origin && 'columns' in origin && origin.kind !== 'test' ? labelOf(origin) : first.declaredAt.node
          return [
            {
              node: model.id,
              place: { place: model.place, calls: [] },
              message:
                declared === false
                  ? `The column "${name}" of "${model.name}" is made of personal data (${first.class}, from "${label}.${first.declaredAt.column}"), is declared to hold none, and no reason is given.`
                  : `The column "${name}" of "${model.name}" is made of personal data (${first.class}, from "${label}.${first.declaredAt.column}") and does not say so.`,
              hint:
                declared === false
                  ? `add "pii_reason" beside "pii: false"`
                  : `declare it with "meta: {pii: ${first.class}}", so that reports mask it, or "meta: {pii: false, pii_reason: …}" where nothing of a person is left`,
            },
          ]
        })
      })
  },
}

/** Models of the last layer, and those that an exposure reads. */
function isForReaders(node: CheckedProject['nodes'][number], { manifest }: CheckedProject): boolean {
  if (node.kind !== 'model') return false
  if (node.fqn.some((part) => part === 'gold' || part === 'marts')) return true
  return [...manifest.exposures.values()].some(({ dependsOn }) => dependsOn.includes(node.id))
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== ''
}
