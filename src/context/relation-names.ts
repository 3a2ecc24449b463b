import { parseTemplate, renderSync, type Scope, toTemplateValue } from '../template/index.ts'
import { span } from '../text/source-file.ts'
import { builtinRelationName, type RelationName } from './builtin-names.ts'
import { makeScope } from './make-scope.ts'
import { ConfigObject } from './names/config.ts'
import { describeSubject, parseNames } from './names/parse.ts'
import type { ParseSubject } from './parse-subject.ts'
import type { ProjectContext } from './project-context.ts'
import { relocating } from './written-text.ts'

/**
 * The names that `generate_database_name`, `generate_schema_name` and `generate_alias_name` give a node. As in dbt they are the
 * root project's or the built-in ones, never a package's, also for nodes of packages. Throws UserError located in the node's file.
 */
export function relationNameFor(project: ProjectContext, node: ParseSubject): RelationName {
  return builtinRelationName(project, node) ?? renderedName(project, node)
}

function renderedName(project: ProjectContext, node: ParseSubject): RelationName {
  const scope = nameScope(project, node)
  return {
    database: generateName('database', node, scope),
    schema: generateName('schema', node, scope),
    identifier: generateName('alias', node, scope),
  }
}

function nameScope(project: ProjectContext, subject: ParseSubject): Scope {
  const node = toTemplateValue(describeSubject(project, subject))
  const { database = null, schema = null, alias = null } = subject.config
  return makeScope({
    project,
    packageName: project.macros.rootPackage,
    mode: 'sync',
    execute: false,
    extra: { custom_database: database, custom_schema: schema, custom_alias: alias, named_node: node },
    names: (macros) => [
      { config: () => new ConfigObject(subject.config, subject.name) },
      ...parseNames(project, subject, macros, { ref: () => {}, source: () => {} }),
    ],
  })
}

function generateName(part: 'database' | 'schema' | 'alias', node: ParseSubject, scope: Scope): string {
  const file = {
    path: `lavra/generate_${part}_name.sql`,
    text: `{{ generate_${part}_name(custom_${part}, named_node) }}`,
  }
  return relocating(file, span(node.file, 0), () => renderSync(parseTemplate(file), scope).text.trim())
}
