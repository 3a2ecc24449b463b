import { Dict, HostObject, hostFunction, type Scope, str } from '../template/index.ts'
import type { UniqueId } from '../text/unique-id.ts'
import { exceptionsObject } from './names/exceptions.ts'
import { generalNames } from './names/general.ts'
import { MacroNames } from './names/macros.ts'
import type { Names } from './names/names.ts'
import { readArguments } from './objects/arguments.ts'
import { NamesObject } from './objects/names-object.ts'
import { MissingName } from './problems.ts'
import type { ProjectContext } from './project-context.ts'

export interface ScopeDetails {
  readonly project: ProjectContext
  /** The package of the node: where bare macro names are looked up first, and whose variables are seen. */
  readonly packageName: string
  readonly mode: 'sync' | 'async'
  readonly execute: boolean
  /** `ref`, `config`, `this` … in layers: the first that has a name counts. May use `macros` to find macros. */
  readonly names: (macros: MacroNames) => readonly Names[]
  /** Names that come before macros and everything else: what the caller gives to one template. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
  readonly onMacro?: ((id: UniqueId) => void) | undefined
}

/**
 * The names of one node's templates. In dbt's order: what the caller gives, macros (so that a project can replace `ref`), the
 * host's names.
 */
export function makeScope(details: ScopeDetails): Scope {
  const { project, packageName, mode, execute, extra = {}, onMacro } = details
  const macros = new MacroNames({ project, packageName, mode, onCall: onMacro, scope: () => scope, hostMacro: ofHost })
  const own: Names = {
    exceptions: () => exceptionsObject(project),
    execute: () => execute,
    context: () => new ContextObject(scope),
    builtins: () => builtinsOf(ofHost),
  }
  // Looked through and not merged: a scope is made for every template, and few of its names are used.
  const layers = [...details.names(macros), own, generalNames(project, packageName)]
  const made = new Map<string, unknown>()

  function ofHost(name: string): unknown {
    if (made.has(name)) return made.get(name)
    const layer = layers.find((names) => Object.hasOwn(names, name))
    if (!layer) return undefined
    const value = layer[name]!()
    made.set(name, value)
    return value
  }

  const scope: Scope = {
    lookup(name) {
      if (Object.hasOwn(extra, name)) return extra[name]
      return macros.find(name) ?? ofHost(name)
    },
    missing: (name, hint) => {
      return new MissingName(name, `There is no macro or variable named "${name}".`, hint)
    },
    names: () => [...Object.keys(extra), ...macros.names(), ...namesIn(layers)],
  }
  return scope
}

/** The names of all layers, the most general first. */
function namesIn(layers: readonly Names[]): Iterable<string> {
  return new Set(layers.toReversed().flatMap((names) => Object.keys(names)))
}

/** `builtins`: the host's own functions, for macros that replace them. */
function builtinsOf(ofHost: (name: string) => unknown): NamesObject {
  const kept = ['ref', 'source', 'config', 'var'].map((name) => [name, ofHost(name)] as const)
  return new NamesObject('builtins', Object.fromEntries(kept.filter(([, value]) => value !== undefined)))
}

/** `context`: all names as a mapping. */
class ContextObject extends HostObject {
  readonly typeName = 'context'
  private readonly scope: Scope

  constructor(scope: Scope) {
    super()
    this.scope = scope
  }

  override item(key: unknown): unknown {
    return typeof key === 'string' ? this.scope.lookup(key) : undefined
  }

  override attr(name: string): unknown {
    if (name !== 'get') return this.scope.lookup(name)
    return hostFunction(name, (args, kwargs) => {
      const [key, fallback] = readArguments(name, ['key', 'default'], args, kwargs)
      return this.scope.lookup(str(key)) ?? fallback ?? null
    })
  }

  override names(): Iterable<string> {
    return this.scope.names?.() ?? []
  }

  override keys(): Iterable<unknown> {
    return this.names()
  }

  override contains(value: unknown): boolean {
    return this.item(value) !== undefined
  }

  override str(): string {
    return str(new Dict())
  }
}
