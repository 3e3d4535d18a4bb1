-- Publications and the holds that stop them; what normal looks like; what was observed.

create table dx.publications (
  agency_id text not null,
  id uuid not null,
  account_id uuid not null,
  title text not null,
  content text not null default '',
  content_hash text not null default '',
  state text not null check (state in ('drafted', 'checked', 'approved', 'scheduled', 'staged', 'submitting', 'waiting-for-administrator',
    'confirming', 'published', 'failed', 'unknown', 'removed', 'corrected', 'held', 'cancelled')),
  goes_out_at timestamptz(3),
  thumb_media_id text,
  draft_media_id text,
  publish_id text,
  msg_id text,
  article_id text,
  state_since timestamptz(3) not null default dx.now(),
  held_from text,
  note text,
  primary key (agency_id, id),
  foreign key (agency_id, account_id) references dx.accounts
);
create index publications_account on dx.publications (agency_id, account_id, goes_out_at);
select dx.belongs_to_agency('publications');

-- A hold is its own row with a reason and a name: lifting one must not revive what others stopped.
create table dx.holds (
  agency_id text not null,
  id uuid not null,
  scope text not null check (scope in ('account', 'client', 'agency')),
  scope_id text not null,
  reason text not null,
  incident_id uuid,
  placed_by text not null,
  placed_at timestamptz(3) not null default dx.now(),
  lifted_by text,
  lifted_at timestamptz(3),
  primary key (agency_id, id)
);
create index holds_live on dx.holds (agency_id, scope, scope_id) where lifted_at is null;
select dx.belongs_to_agency('holds');

-- Every article known to be live on the account, and whose it is.
create table dx.known_articles (
  agency_id text not null,
  account_id uuid not null,
  -- article:<article_id> or mass:<msg_id>
  key text not null,
  origin text not null check (origin in ('ours', 'before-us', 'outsider', 'unknown', 'confirmed-client', 'rogue')),
  title text,
  url text,
  first_seen_at timestamptz(3) not null default dx.now(),
  gone_at timestamptz(3),
  primary key (agency_id, account_id, key)
);
select dx.belongs_to_agency('known_articles');

create table dx.baselines (
  agency_id text not null,
  account_id uuid not null,
  kind text not null check (kind in ('menu', 'auto-reply')),
  content jsonb not null,
  hash text not null,
  approved_by text not null,
  approved_at timestamptz(3) not null default dx.now(),
  primary key (agency_id, account_id, kind)
);
select dx.belongs_to_agency('baselines');

create table dx.probes (
  agency_id text not null,
  account_id uuid not null,
  kind text not null,
  due_at timestamptz(3) not null,
  every_ms int not null,
  last_run_at timestamptz(3),
  last_ok_at timestamptz(3),
  last_seen jsonb,
  last_problem text,
  primary key (agency_id, account_id, kind)
);
select dx.belongs_to_agency('probes');

create table dx.signals (
  agency_id text not null,
  id uuid not null,
  account_id uuid not null,
  kind text not null,
  dedupe_key text not null,
  seen_at timestamptz(3) not null default dx.now(),
  happened_at timestamptz(3),
  facts jsonb not null default '{}',
  judged text,
  incident_id uuid,
  primary key (agency_id, id),
  unique (agency_id, account_id, dedupe_key)
);
select dx.belongs_to_agency('signals');
