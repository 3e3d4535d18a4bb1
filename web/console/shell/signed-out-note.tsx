import { useQueryClient } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useWords } from '../words/words.tsx'
import { signInAddress } from './page-states.tsx'

/** The page and everything typed stay; signing in happens in another tab, and the next answer takes this note away. */
export function SignedOutNote() {
  const { t } = useWords()
  const queries = useQueryClient()
  return (
    <Alert
      banner
      type="warning"
      role="alert"
      title={t('signedOut.what')}
      action={
        <>
          <Button size="small" type="primary" href={signInAddress()} target="_blank">
            {t('problem.signIn')}
          </Button>{' '}
          <Button size="small" onClick={() => queries.invalidateQueries()}>
            {t('signedOut.done')}
          </Button>
        </>
      }
    />
  )
}
