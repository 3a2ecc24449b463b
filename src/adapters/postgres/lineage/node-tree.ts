import { invariant } from '../../../diagnostics/errors.ts'

/**
 * What Postgres writes a parsed query as (`pg_node_tree`): nodes `{VAR :varno 1 :varattno 2}`, lists `(…)`, and tokens. Tokens
 * stay text; `null` is `<>`.
 */
export type NodeTree = TreeNode | readonly NodeTree[] | string | null

/** One node. Fields that a version of Postgres does not write are as those that are empty. */
export class TreeNode {
  /** In upper case: `QUERY`, `VAR`. */
  readonly kind: string
  readonly #fields: ReadonlyMap<string, NodeTree>

  constructor(kind: string, fields: ReadonlyMap<string, NodeTree>) {
    this.kind = kind
    this.#fields = fields
  }

  node(field: string): TreeNode | undefined {
    const value = this.#fields.get(field)
    return value instanceof TreeNode ? value : undefined
  }

  /** The nodes of a list; what is no node in it is undefined, so that places count. */
  list(field: string): readonly (TreeNode | undefined)[] {
    return this.items(field).map((item) => (item instanceof TreeNode ? item : undefined))
  }

  /** The nodes of a list without its gaps. */
  nodes(field: string): readonly TreeNode[] {
    return this.items(field).filter((item) => item instanceof TreeNode)
  }

  items(field: string): readonly NodeTree[] {
    const value = this.#fields.get(field)
    return isList(value) ? value : []
  }

  text(field: string): string | undefined {
    const value = this.#fields.get(field)
    return typeof value === 'string' ? value : undefined
  }

  /** A number, an oid or the number of an enumeration; 0 where there is none. */
  number(field: string): number {
    return Number(this.text(field) ?? 0)
  }

  flag(field: string): boolean {
    return this.text(field) === 'true'
  }

  /** All nodes directly below, in lists too. */
  children(): readonly TreeNode[] {
    return [...this.#fields.values()].flatMap(nodesIn)
  }
}

function nodesIn(tree: NodeTree): readonly TreeNode[] {
  if (tree instanceof TreeNode) return [tree]
  return isList(tree) ? tree.flatMap(nodesIn) : []
}

function isList(tree: NodeTree | undefined): tree is readonly NodeTree[] {
  return Array.isArray(tree)
}

/** Reads what the server wrote, of any version. */
export function parseNodeTree(text: string): NodeTree {
  return new Reader(text).value()
}

/**
 * Tokens end at spaces, parentheses and braces; a backslash takes the next character as it is. The bytes of a constant,
 * `4 [ 1 0 0 0 ]`, are the only value of several tokens.
 */
const TOKEN = /[(){}]|(?:\\[\s\S]|[^\\\s(){}])+/y
const SPACE = /\s*/y

class Reader {
  readonly #text: string
  #offset = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): NodeTree {
    const token = this.#next()
    if (token === '{') return this.#node()
    if (token === '(') return this.#list()
    return token === '<>' ? null : plain(token)
  }

  #node(): TreeNode {
    const kind = this.#next()
    const fields = new Map<string, NodeTree>()
    while (this.#peek() !== '}') {
      const field = this.#next()
      // A name may begin with a colon as fields do: what follows a field is always its value.
      fields.set(field.slice(1), this.value())
      while (!this.#peek().startsWith(':') && this.#peek() !== '}') this.value()
    }
    this.#next()
    return new TreeNode(kind, fields)
  }

  /** Lists of numbers begin with a letter for their type, which is an item here. */
  #list(): readonly NodeTree[] {
    const items: NodeTree[] = []
    while (this.#peek() !== ')') items.push(this.value())
    this.#next()
    return items
  }

  #peek(): string {
    const offset = this.#offset
    const token = this.#next()
    this.#offset = offset
    return token
  }

  #next(): string {
    SPACE.lastIndex = this.#offset
    SPACE.exec(this.#text)
    TOKEN.lastIndex = SPACE.lastIndex
    const token = TOKEN.exec(this.#text)?.[0]
    invariant(token !== undefined, 'a tree of nodes ends too early')
    this.#offset = TOKEN.lastIndex
    return token
  }
}

/** Text as a node of its own stands in quotes; everything else in a token is written with backslashes. */
function plain(token: string): string {
  const inner = token.length > 1 && token.startsWith('"') && token.endsWith('"') ? token.slice(1, -1) : token
  return inner.replace(/\\([\s\S])/g, '$1')
}
