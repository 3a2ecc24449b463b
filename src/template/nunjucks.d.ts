/** The parts of nunjucks 3.2.4 that the engine builds on; its own type package leaves most of them out. */
declare module 'nunjucks' {
  interface TokenSource<Token> {
    nextToken(): Token | null
  }

  class BaseParser<Token> {
    constructor(tokens: TokenSource<Token>)
    /** Reads on; null at the end. */
    nextToken(): Token | null
    /** The next token without reading it. */
    peekToken(): Token | null
  }

  class BaseCompiler {
    constructor(templateName: string, throwOnUndefined: boolean)
    codebuf: string[]
    lastId: number
    _emitLine(code: string): void
  }

  class Loader {
    constructor(...unused: readonly unknown[])
    getSource(name: string): never
  }

  class Environment {
    constructor(loaders: readonly Loader[], options: { readonly autoescape: boolean })
    filters: object
    tests: object
    globals: object
  }

  class Template {
    constructor(source: string, environment: Environment, path: string, eagerCompile: boolean)
    /** The source. */
    readonly tmplStr: string
    compiled: boolean
    compile(): void
    _compile(): void
  }

  const nunjucks: {
    readonly parser: { readonly Parser: typeof BaseParser }
    readonly compiler: { readonly Compiler: typeof BaseCompiler }
    readonly Environment: typeof Environment
    readonly Template: typeof Template
    readonly Loader: typeof Loader
    /** Only the tests call the stock engine, to show what it lets through. */
    renderString(source: string, context: object): string
  }
  export default nunjucks
}
