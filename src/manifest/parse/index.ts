import { unusedPaths } from '../../config/config-tree.ts'
import { stopOnErrors } from '../../diagnostics/errors.ts'
import type { Macro } from '../nodes.ts'
import type { ProjectFiles } from '../read.ts'
import { parseExposure } from './exposures.ts'
import { parseGenericTests, type Tested } from './generic-tests.ts'
import { parseOperations } from './operations.ts'
import type { ParseContext } from './parse-context.ts'
import type { DescribedName, ParsedNode, ParsedProject, ParsedSource } from './parsed.ts'
import { type Patch, type Properties, parseProperties, patchesByName, testsOf } from './properties.ts'
import { parseSeed } from './seeds.ts'
import { parseSource } from './sources.ts'
import { parseModel, parseSingularTest, parseSnapshots, parseYamlSnapshot } from './templated-nodes.ts'

/** Parses everything but macros and docs, which the context holds already. Throws `UserError` with all problems. */
export function parseProject(context: ParseContext, files: ProjectFiles, macros: readonly Macro[]): ParsedProject {
  const properties = parseProperties(context, files.properties)
  const patches = patchesByName(properties.patches, context.problems)
  const sources = properties.sources.flatMap((source) => parseSource(context, source))
  const nodes: readonly ParsedNode[] = [
    ...files.models.flatMap((file) => parseModel(context, file, patches) ?? []),
    ...files.seeds.map((file) => parseSeed(context, file, patches)),
    ...files.snapshots.flatMap((file) => parseSnapshots(context, file, patches)),
    ...properties.patches.flatMap(
      (patch) => (patch.relation && parseYamlSnapshot(context, patch, patch.relation)) ?? [],
    ),
    ...files.singularTests.flatMap((file) => parseSingularTest(context, file, patches) ?? []),
    ...tested(properties, sources).flatMap((each) => parseGenericTests(context, each)),
  ]
  const exposures = properties.exposures.map((exposure) => parseExposure(context, exposure))
  const operations = parseOperations(context)
  const describedMacros = macros.map((macro) => describeMacro(macro, properties))
  context.problems.push(...unusedSettings(context, nodes, sources))
  const warnings = stopOnErrors(context.problems)
  const described = properties.patches.map(describedName)
  return { described, nodes, sources, exposures, macros: describedMacros, operations, docs: context.docs, warnings }
}

/** Everything that generic tests are declared on. */
function tested(properties: Properties, sources: readonly ParsedSource[]): readonly Tested[] {
  const ofNodes = properties.patches.filter(({ kind }) => kind !== 'data test').map(testedNode)
  const ofSources = properties.sources.flatMap(({ written, file, below }) =>
    (written.tables ?? []).map((table): Tested => {
      const place = table.at.child('name').place
      return {
        target: { kind: 'source', source: written.name, table: table.name, place },
        file,
        below,
        tags:
          sources.find((source) => source.sourceName === written.name && source.name === table.name)?.config.tags ?? [],
        columns: table.columns ?? [],
        tests: testsOf(table),
      }
    }),
  )
  return [...ofNodes, ...ofSources]
}

function testedNode({ name, at, file, below, columns, tests }: Patch): Tested {
  return { target: { kind: 'node', name, place: at.child('name').place }, file, below, tags: [], columns, tests }
}

function describedName({ kind, name, at, columns, tests }: Patch): DescribedName {
  const count = tests.length + columns.reduce((sum, column) => sum + testsOf(column).length, 0)
  return { kind, name, place: at.child('name').place, tests: count }
}

function describeMacro(macro: Macro, properties: Properties): Macro {
  const found = properties.macros.find(({ written }) => written.name === macro.name)
  return found?.written.description === undefined ? macro : { ...macro, description: found.written.description }
}

function unusedSettings(context: ParseContext, nodes: readonly ParsedNode[], sources: readonly ParsedSource[]) {
  const trees = context.projectFile.configTrees
  const fqnsOf = (kind: ParsedNode['kind']) => nodes.filter((node) => node.kind === kind).map(({ fqn }) => fqn)
  return [
    ...unusedPaths('models', trees.models, fqnsOf('model')),
    ...unusedPaths('seeds', trees.seeds, fqnsOf('seed')),
    ...unusedPaths('snapshots', trees.snapshots, fqnsOf('snapshot')),
    ...unusedPaths('data_tests', trees.data_tests, fqnsOf('test')),
    ...unusedPaths(
      'sources',
      trees.sources,
      sources.map(({ fqn }) => fqn),
    ),
  ]
}
