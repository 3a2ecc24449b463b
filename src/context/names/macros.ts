import { didYouMean } from '../../diagnostics/suggest.ts'
import type { Macro } from '../../manifest/nodes.ts'
import {
  type Arguments,
  bindMacro,
  type CallSite,
  type HostCallable,
  HostObject,
  hostFunction,
  isUndefined,
  type KeywordArguments,
  type Scope,
  str,
} from '../../template/index.ts'
import type { UniqueId } from '../../text/unique-id.ts'
import { BUILTIN_PACKAGE } from '../macro-registry.ts'
import { readArguments } from '../objects/arguments.ts'
import { dispatchFailed, MissingName } from '../problems.ts'
import type { ProjectContext } from '../project-context.ts'

export interface MacroNamesInput {
  readonly project: ProjectContext
  /** The node's package: where bare names are looked up first, in its own templates and in every macro that it calls. */
  readonly packageName: string
  readonly scope: () => Scope
  readonly mode: 'sync' | 'async'
  /** Told of every macro that is called. */
  readonly onCall?: ((id: UniqueId) => void) | undefined
  /** Functions of the host that are macros in dbt, so that `dbt.is_incremental()` works. */
  readonly hostMacro: (name: string) => unknown
}

/** The macros that one node's templates reach: by bare name, by package, by dispatch. */
export class MacroNames {
  private readonly input: MacroNamesInput
  private readonly bound = new Map<Macro, HostCallable>()

  constructor(input: MacroNamesInput) {
    this.input = input
  }

  /** A macro, or a package of macros. */
  find(name: string): unknown {
    const { macros } = this.input.project
    const macro = macros.find(name, this.input.packageName)
    if (macro) return this.bind(macro)
    return macros.packages().includes(name) ? new PackageObject(name, this) : undefined
  }

  findIn(packageName: string, name: string): unknown {
    const macro = this.input.project.macros.findIn(packageName, name)
    if (macro) return this.bind(macro)
    return packageName === BUILTIN_PACKAGE ? this.input.hostMacro(name) : undefined
  }

  namesIn(packageName: string): readonly string[] {
    return this.input.project.macros.namesIn(packageName)
  }

  names(): readonly string[] {
    const { macros } = this.input.project
    return [...macros.names(), ...macros.packages()]
  }

  /** `adapter.dispatch(name, namespace)`: the macro that the engine's or the default implementation is. */
  dispatchFunction(): unknown {
    return hostFunction('dispatch', (args, kwargs, call) => {
      const [name, namespace] = readArguments('dispatch', ['macro_name', 'macro_namespace'], args, kwargs)
      return this.dispatch(str(name), isUndefined(namespace) || namespace === null ? undefined : str(namespace), call)
    })
  }

  bind(macro: Macro): HostCallable {
    const known = this.bound.get(macro)
    if (known) return known
    const { scope, mode, onCall } = this.input
    const inner = bindMacro(macro.definition, scope(), mode)
    const bound = onCall ? new TrackedMacro(inner, () => onCall(macro.id)) : inner
    this.bound.set(macro, bound)
    return bound
  }

  private dispatch(name: string, namespace: string | undefined, call: CallSite): unknown {
    const { project, packageName } = this.input
    const request = {
      name,
      namespace,
      fromPackage: packageName,
      adapterType: project.dialect.name,
      config: project.dispatch,
    }
    const macro = project.macros.dispatch(request)
    if (macro) return this.bind(macro)
    return dispatchFailed(call, name, project.macros.dispatchCandidates(request), this.names())
  }
}

/** A macro that says when it is called. */
class TrackedMacro extends HostObject implements HostCallable {
  readonly typeName = 'Macro'
  private readonly inner: HostCallable
  private readonly onCall: () => void

  constructor(inner: HostCallable, onCall: () => void) {
    super()
    this.inner = inner
    this.onCall = onCall
  }

  override call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown {
    this.onCall()
    return this.inner.call(args, kwargs, call)
  }

  override attr(name: string): unknown {
    return this.inner.attr(name)
  }

  override names(): Iterable<string> {
    return this.inner.names()
  }

  override str(): string {
    return this.inner.str()
  }
}

/** The macros of one package: `dbt_utils.star`. */
class PackageObject extends HostObject {
  readonly typeName = 'package'
  private readonly name: string
  private readonly macros: MacroNames

  constructor(name: string, macros: MacroNames) {
    super()
    this.name = name
    this.macros = macros
  }

  override attr(name: string): unknown {
    return this.macros.findIn(this.name, name) ?? this.missing(name)
  }

  override names(): Iterable<string> {
    return this.macros.namesIn(this.name)
  }

  override keys(): Iterable<unknown> {
    return this.names()
  }

  override item(key: unknown): unknown {
    return typeof key === 'string' ? this.attr(key) : undefined
  }

  override truthy(): boolean {
    return true
  }

  private missing(name: string): MissingName {
    const message = `There is no macro "${name}" in the package "${this.name}".`
    return new MissingName(name, message, () => didYouMean(name, this.names()))
  }
}
