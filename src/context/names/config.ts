import {
  type Arguments,
  type CallSite,
  HostObject,
  hostFunction,
  type KeywordArguments,
  mappingEntries,
  str,
  TemplateError,
  toPlain,
  toTemplateValue,
  truthy,
} from '../../template/index.ts'
import type { Json, JsonObject } from '../../util/json.ts'
import { readArguments, textArgument } from '../objects/arguments.ts'
import type { CapturedConfig } from '../parse-subject.ts'
import { configMissing } from '../problems.ts'

/** `config` of a node: called, it sets; `get` and `require` read. */
export class ConfigObject extends HostObject {
  readonly typeName = 'Config'
  private readonly values: JsonObject
  private readonly nodeName: string
  private readonly capture: ((config: CapturedConfig) => void) | undefined
  /** What was captured so far, by key. */
  private readonly captured = new Map<string, Json>()

  /** With `capture`, calls are taken down and can be read at once; without, they do nothing, because parsing saw them. */
  constructor(values: object, nodeName: string, capture?: (config: CapturedConfig) => void) {
    super()
    // A config holds JSON only; its type does not say so because its optional keys may be undefined.
    this.values = values as JsonObject
    this.nodeName = nodeName
    this.capture = capture
  }

  /** Whether a key is set, by any layer or by what was captured so far. */
  has(key: string): boolean {
    return this.read(key) !== undefined
  }

  override call(args: Arguments, kwargs: KeywordArguments, call?: CallSite): unknown {
    this.set([...entriesOf(args), ...kwargs], call)
    return ''
  }

  override attr(name: string): unknown {
    switch (name) {
      case 'get':
        return this.reader(name, (key) => this.read(key))
      case 'meta_get':
        return this.reader(name, (key) => own(this.meta(), key))
      case 'require':
        return this.requirer(name, (key) => this.read(key))
      case 'meta_require':
        return this.requirer(name, (key) => own(this.meta(), key))
      case 'set':
        return hostFunction(name, ([key, value], _, call) => {
          this.set([[str(key), value]], call)
          return ''
        })
      case 'persist_relation_docs':
        return hostFunction(name, () => truthy(toTemplateValue(this.persistDocs().relation ?? false)))
      case 'persist_column_docs':
        return hostFunction(name, () => truthy(toTemplateValue(this.persistDocs().columns ?? false)))
      default:
        return undefined
    }
  }

  override names(): Iterable<string> {
    return ['get', 'require', 'meta_get', 'meta_require', 'set', 'persist_relation_docs', 'persist_column_docs']
  }

  private reader(name: string, read: (key: string) => Json | undefined): unknown {
    return hostFunction(name, (args, kwargs) => {
      const [key, fallback] = readArguments(name, ['name', 'default', 'validator'], args, kwargs)
      const value = read(textArgument(name, 'name', key))
      return value === undefined || value === null ? (fallback ?? null) : toTemplateValue(value)
    })
  }

  /** While parsing, other layers may still set the key: nothing is refused yet. */
  private requirer(name: string, read: (key: string) => Json | undefined): unknown {
    return hostFunction(name, (args, kwargs, call) => {
      const key = textArgument(name, 'name', readArguments(name, ['name', 'validator'], args, kwargs)[0])
      const value = read(key)
      if (value !== undefined) return toTemplateValue(value)
      return this.capture ? '' : configMissing(call, key, this.nodeName)
    })
  }

  /** A key of the config; one that is not there is looked up in `meta`, as dbt 1 does. */
  private read(name: string): Json | undefined {
    const key = normalKey(name)
    return this.captured.get(key) ?? own(this.values, key) ?? own(this.meta(), name)
  }

  private meta(): JsonObject {
    // The config's schema has made sure that `meta` and `persist_docs` are objects.
    return (this.captured.get('meta') ?? this.values.meta ?? {}) as JsonObject
  }

  private persistDocs(): JsonObject {
    return (this.captured.get('persist_docs') ?? this.values.persist_docs ?? {}) as JsonObject
  }

  private set(entries: readonly (readonly [string, unknown])[], call: CallSite | undefined): void {
    if (!this.capture) return
    for (const [name, value] of entries) {
      const key = normalKey(name)
      // Host objects give their text, so what comes out is JSON.
      const json = toPlain(value) as Json
      this.captured.set(key, json)
      this.capture({ key, value: json, ...(call ? { place: call.place } : {}) })
    }
  }
}

/** `config({…})` instead of `config(key=value)`. */
function entriesOf(args: Arguments): (readonly [string, unknown])[] {
  if (args.length === 0) return []
  const entries = args.length === 1 ? mappingEntries(args[0]) : undefined
  if (!entries)
    throw new TemplateError('config() takes settings by name: config(materialized="table").', { type: 'TypeError' })
  return entries.map(([key, value]) => [str(key), value])
}

/** `pre-hook` and `pre_hook` are one key. */
function normalKey(key: string): string {
  return key.replaceAll('-', '_')
}

/** A member of the object itself, never one of JavaScript's. */
function own(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
