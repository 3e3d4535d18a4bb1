import { comments } from './comments.ts'
import { datacube } from './datacube.ts'
import { drafts } from './drafts.ts'
import { freepublish } from './freepublish.ts'
import { mass } from './mass.ts'
import { material } from './material.ts'
import { menu } from './menu.ts'
import { notices } from './notices.ts'
import { OTHER_DAILY_LIMIT } from './quotas.ts'
import { reaching } from './reaching.ts'
import { users } from './users.ts'

/** What openapi/quota/get knows of each path. */
export const publishedLimits = new Map<string, { daily: number; minute?: number }>(
  [...drafts, ...freepublish, ...mass, ...material, ...menu, ...comments, ...reaching, ...notices, ...users, ...datacube].map(
    (one) => [one.path, { daily: one.dailyLimit ?? OTHER_DAILY_LIMIT, minute: one.minuteLimit }],
  ),
)
publishedLimits.set('/cgi-bin/token', { daily: 2000 })
publishedLimits.set('/cgi-bin/stable_token', { daily: 500_000, minute: 10_000 })
