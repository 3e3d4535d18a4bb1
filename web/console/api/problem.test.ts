import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { CallRefused, problemOf } from './problem.ts'

test('a refusal carries the server’s own reason', () => {
  expect(problemOf(new ORPCError('CONFLICT', { status: 409, data: { reason: '已由 赵敏 接手' } }))).toEqual({
    kind: 'refused',
    reason: '已由 赵敏 接手',
  })
  expect(problemOf(new CallRefused(413, '图片太大'))).toEqual({ kind: 'refused', reason: '图片太大' })
})

test('input the server would not take names the first thing to mend', () => {
  const error = new ORPCError('BAD_REQUEST', {
    status: 400,
    data: { issues: [{ message: '原因至少写 6 个字' }, { message: '写上谁同意的' }] },
  })

  expect(problemOf(error)).toEqual({ kind: 'refused', reason: '原因至少写 6 个字' })
})

test('signed out, not allowed, gone, broken and unreachable are told apart', () => {
  expect(problemOf(new ORPCError('UNAUTHORIZED', { status: 401 })).kind).toBe('signed-out')
  expect(problemOf(new ORPCError('FORBIDDEN', { status: 403 })).kind).toBe('forbidden')
  expect(problemOf(new ORPCError('NOT_FOUND', { status: 404 })).kind).toBe('not-found')
  expect(problemOf(new ORPCError('INTERNAL_SERVER_ERROR', { status: 500, data: { code: '7K2' } }))).toEqual({
    kind: 'broken',
    code: '7K2',
  })
  expect(problemOf(new TypeError('Failed to fetch')).kind).toBe('unreachable')
})

test('a developer’s message is never shown to people: they get a code to read aloud', () => {
  const error = new ORPCError('BAD_REQUEST', { status: 400, message: 'Malformed request.' })

  expect(problemOf(error)).toEqual({ kind: 'broken', code: '400' })
})
