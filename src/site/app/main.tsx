import { render } from 'preact'
import { load } from './data.ts'

load('index').then((index) => {
  render(
    <main>
      <h1>{index.project.name}</h1>
      <ul>
        {index.nodes.map((node) => (
          <li key={node.id}>{node.name}</li>
        ))}
      </ul>
    </main>,
    document.getElementById('app')!,
  )
})
