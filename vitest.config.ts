import { defineConfig } from 'vitest/config'

// `quick` is every test beside the code; `slow` holds browser tests and whole stories.
const common = { globalSetup: ['./scenarios/cluster.ts'], testTimeout: 20_000, hookTimeout: 60_000 }
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'quick', include: ['{src,simulator,web,scripts,bench}/**/*.test.ts'] } },
      {
        test: {
          ...common,
          name: 'slow',
          include: ['scenarios/**/*.test.ts', 'web/**/*.slow.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
