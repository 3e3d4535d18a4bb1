import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { contractModule } from './contract-module.ts'

/** The console as static files: dist/console, served under /app/. scripts/build-web.ts calls this. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/app/',
  plugins: [react(), contractModule()],
  build: {
    outDir: '../../dist/console',
    emptyOutDir: true,
    target: ['chrome107', 'safari16', 'firefox104'],
    manifest: true,
    chunkSizeWarningLimit: 1500,
  },
})
