import type { Dag } from '../graph/dag.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { DataTest } from '../manifest/nodes.ts'
import type { PublishMode } from '../run/environment.ts'
import type { NodeResult } from '../run/results.ts'
import type { UniqueId } from '../text/unique-id.ts'

/** What of a run is published, and why the rest is not. */
export interface Decision {
  readonly publish: ReadonlySet<UniqueId>
  /** For every node that was built and is not published: the reason, as a short phrase. */
  readonly withheld: ReadonlyMap<UniqueId, string>
  /** Why something of the run is not published; absent when all of it is, and when the run had nothing to publish. */
  readonly reason?: string
}

/**
 * Decides by the results. `all`: everything, or nothing when anything failed or was skipped. `passing`: what passed, less
 * what failed, the selected parents of tests that failed, did not run or read anything withheld, and everything below
 * either, also what was already built.
 */
export function decidePublication(input: {
  readonly mode: PublishMode
  readonly manifest: Manifest
  readonly graph: Dag<UniqueId>
  readonly results: readonly NodeResult[]
  readonly interrupted: boolean
}): Decision {
  const { manifest, results } = input
  const built = builtNodes(manifest, results)
  const nodes = results.flatMap((result) => manifest.nodes.get(result.id) ?? [])
  if (nodes.every((node) => node.kind === 'test')) return { publish: new Set(), withheld: new Map() }
  if (input.interrupted) return withholdAll(built, 'the run was interrupted')
  const failures = results.filter((result) => result.status === 'error' || result.status === 'fail')
  const skipped = results.find((result) => result.status === 'skipped')
  if (failures.length === 0 && skipped === undefined) return { publish: new Set(built), withheld: new Map() }
  const reason = failures.length > 0 ? describeFailures(manifest, failures) : 'nodes were skipped'
  if (input.mode === 'all') return withholdAll(built, reason)
  return { ...withholdBelow(input, built, [...failures, ...untested(manifest, results)]), reason }
}

/** The nodes of a run that stand as candidates: what succeeded and is no hook of the project. */
export function builtNodes(manifest: Manifest, results: readonly NodeResult[]): readonly UniqueId[] {
  return results.filter(({ id, status }) => status === 'success' && manifest.nodes.has(id)).map(({ id }) => id)
}

/** Tests that did not run, and could have failed their parents: below another failure, or stopped before they began. */
function untested(manifest: Manifest, results: readonly NodeResult[]): readonly NodeResult[] {
  return results.filter(({ id, status }) => {
    const node = manifest.nodes.get(id)
    return status === 'skipped' && node?.kind === 'test' && node.config.severity === 'error'
  })
}

function withholdAll(built: readonly UniqueId[], reason: string): Decision {
  return { publish: new Set(), withheld: new Map(built.map((id) => [id, reason])), reason }
}

/**
 * Withholds the causes, what stands below them, and in turn what has passed a test only together with something withheld:
 * readers would see it beside another version than the one it was tested with. So the outcome does not depend on how far
 * the run had come when the cause was found.
 */
function withholdBelow(
  input: Parameters<typeof decidePublication>[0],
  built: readonly UniqueId[],
  causes: readonly NodeResult[],
): Decision {
  const { manifest, graph, results } = input
  const withheld = new Map<UniqueId, string>()
  const lost = new Set<UniqueId>()
  const lose = (roots: readonly UniqueId[], reason: string) => {
    for (const id of [...roots, ...graph.descendants(roots)]) lost.add(id)
    for (const id of built) if (lost.has(id) && !withheld.has(id)) withheld.set(id, reason)
  }
  const inRun = new Set(results.map((result) => result.id))
  for (const cause of causes) {
    const node = manifest.nodes.get(cause.id)
    const reason = cause.status === 'skipped' ? `${node?.name} did not run` : describeFailures(manifest, [cause])
    lose(node?.kind === 'test' ? testedParents(manifest, node, inRun) : [cause.id], reason)
  }
  const strict = results.flatMap(({ id }) => {
    const node = manifest.nodes.get(id)
    return node?.kind === 'test' && node.config.severity === 'error' ? [node] : []
  })
  for (let undecided = new Set(strict), before = -1; undecided.size !== before; ) {
    before = undecided.size
    for (const test of undecided) {
      if (!test.dependsOn.some((parent) => lost.has(parent))) continue
      undecided.delete(test)
      lose(testedParents(manifest, test, inRun), `${test.name} read what is not published`)
    }
  }
  return { publish: new Set(built.filter((id) => !withheld.has(id))), withheld }
}

/** The parents that a test can take with it: those of this run, and ephemeral ones, which are in whatever reads them. */
function testedParents(manifest: Manifest, test: DataTest, inRun: ReadonlySet<UniqueId>): readonly UniqueId[] {
  const isEphemeral = (id: UniqueId) => manifest.nodes.get(id)?.config.materialized === 'ephemeral'
  return test.dependsOn.filter((parent) => inRun.has(parent) || isEphemeral(parent))
}

const NAMED = 3

function describeFailures(manifest: Manifest, failures: readonly NodeResult[]): string {
  const hooks = new Map(manifest.operations.map((operation) => [operation.id, operation.name]))
  const names = failures.map(({ id }) => manifest.nodes.get(id)?.name ?? hooks.get(id) ?? id)
  const rest = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return `${names.slice(0, NAMED).join(', ')}${rest} failed`
}
