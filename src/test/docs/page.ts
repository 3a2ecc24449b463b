/** A fenced block of a page that is run: a file to write, or a session of commands with the output of each. */
export type Block =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'session'; readonly commands: readonly Command[] }

export interface Command {
  /** As typed behind the prompt. */
  readonly text: string
  /** What the page says that it prints; ends with a line break unless it is empty. */
  readonly output: string
}

/** A page in the order of its text: prose, which is kept as it is, and blocks. */
export type Part = { readonly kind: 'prose'; readonly text: string } | Block

/** A fenced block, and the line with the name of its file above it. */
const FENCE = /^(?<head>(?:`(?<path>[^`\n]+)`\n\n?)?```(?<language>\w*)\n)(?<body>[\s\S]*?)^```$/gm

/**
 * Reads a page. A block below a line that is nothing but a file name in backticks is that file; a `console` block is a
 * session, in which a line that starts with `$ ` is a command and the others are its output. There are no other blocks:
 * throws for one, because nobody would notice when it is no longer true.
 */
export function parsePage(markdown: string): readonly Part[] {
  const parts: Part[] = []
  let end = 0
  for (const match of markdown.matchAll(FENCE)) {
    const { head = '', path, language, body = '' } = match.groups ?? {}
    parts.push({ kind: 'prose', text: markdown.slice(end, match.index + head.length) })
    if (path !== undefined) parts.push({ kind: 'file', path, text: body })
    else if (language === 'console') parts.push({ kind: 'session', commands: parseSession(body) })
    else throw new Error(`A block that is neither a file nor a console session:\n${match[0]}`)
    end = match.index + match[0].length - '```'.length
  }
  return [...parts, { kind: 'prose', text: markdown.slice(end) }]
}

/** The page as Markdown again. */
export function printPage(parts: readonly Part[]): string {
  return parts.map(printPart).join('')
}

function printPart(part: Part): string {
  if (part.kind !== 'session') return part.text
  return part.commands.map((command) => `$ ${command.text}\n${command.output}`).join('')
}

function parseSession(body: string): readonly Command[] {
  const [before, ...commands] = body.split(/^\$ /m)
  if (before !== '') throw new Error(`A console session starts with a command:\n${body}`)
  return commands.map((command) => {
    const [text = ''] = command.split('\n')
    return { text, output: command.slice(text.length + 1) }
  })
}
