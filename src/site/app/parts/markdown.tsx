import { marked, type Token, type Tokens } from 'marked'
import type { ComponentChildren } from 'preact'

/** Only what a reader can follow without harm. */
const SAFE_LINK = /^(?:https?:|mailto:|#)/i

/**
 * Markdown as elements of the page. Nothing of the text ever becomes markup: HTML in it is shown as it stands, images are
 * links, and links that are none of the web's are text.
 */
export function Markdown({ text }: { readonly text: string }) {
  return <div class="markdown">{blocks(marked.lexer(text, { gfm: true }))}</div>
}

function blocks(tokens: readonly Token[]): ComponentChildren {
  return tokens.map((token) => block(token as Tokens.Generic))
}

function block(token: Tokens.Generic): ComponentChildren {
  switch (token.type) {
    case 'heading': {
      // The page has a first heading of its own.
      const Heading = `h${Math.min(6, token.depth + 2)}` as 'h3'
      return <Heading>{inline(token.tokens)}</Heading>
    }
    case 'paragraph':
      return <p>{inline(token.tokens)}</p>
    case 'code':
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote>{blocks(token.tokens ?? [])}</blockquote>
    case 'list': {
      const items = (token as Tokens.List).items.map((item) => <li>{blocks(item.tokens)}</li>)
      return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>
    }
    case 'table':
      return <MarkdownTable table={token as Tokens.Table} />
    case 'hr':
      return <hr />
    case 'space':
    case 'def':
      return null
    case 'text':
      return token.tokens ? inline(token.tokens) : token.text
    default:
      return <p>{token.raw}</p>
  }
}

function MarkdownTable({ table }: { readonly table: Tokens.Table }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            {table.header.map((cell) => (
              <th scope="col">{inline(cell.tokens)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr>
              {row.map((cell) => (
                <td>{inline(cell.tokens)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inline(tokens: readonly Token[] = []): ComponentChildren {
  return tokens.map((token) => inlineOne(token as Tokens.Generic))
}

function inlineOne(token: Tokens.Generic): ComponentChildren {
  switch (token.type) {
    case 'strong':
      return <strong>{inline(token.tokens)}</strong>
    case 'em':
      return <em>{inline(token.tokens)}</em>
    case 'del':
      return <del>{inline(token.tokens)}</del>
    case 'codespan':
      return <code>{token.text}</code>
    case 'br':
      return <br />
    case 'link':
    case 'image':
      return SAFE_LINK.test(token.href) ? (
        <a href={token.href} rel="noreferrer noopener">
          {token.type === 'image' ? token.text || token.href : inline(token.tokens)}
        </a>
      ) : (
        token.text
      )
    case 'escape':
      return token.text
    case 'text':
      return token.tokens ? inline(token.tokens) : unescaped(token.text)
    default:
      return token.raw
  }
}

/** The entities that the writers of Markdown use. */
function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
