import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '../shared/tokens.css'
import './theme/console.css'
import './shell/shell.css'
import { makeQueryClient } from './api/queries.ts'
import { makeRouter } from './router.tsx'
import { AppearanceProvider } from './theme/appearance.tsx'
import { WordsProvider } from './words/words.tsx'

// An upgrade replaces the parts of a page that is open: what cannot be loaded any more is loaded anew, whole.
window.addEventListener('vite:preloadError', (event) => {
  event.preventDefault()
  location.reload()
})

const queries = makeQueryClient()
const router = makeRouter(queries)

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <WordsProvider>
      <AppearanceProvider>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AppearanceProvider>
    </WordsProvider>
  </StrictMode>,
)
