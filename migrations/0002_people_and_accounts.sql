-- Who works here and how they are reached; clients and what they agreed to; Official Accounts and their doors.

create table dx.people (
  agency_id text not null,
  id uuid not null,
  user_id text,
  name text not null,
  role text not null check (role in ('admin', 'lead', 'account-manager', 'editor', 'duty')),
  phone text,
  email text,
  -- The person's channels in order of trying: [{"kind":"wecom-app","to":"linyi"}, …]
  channels jsonb not null default '[]',
  drill_consent boolean not null default true,
  away_from timestamptz(3),
  away_until timestamptz(3),
  left_at timestamptz(3),
  created_at timestamptz(3) not null default dx.now(),
  primary key (agency_id, id)
);
create unique index people_user on dx.people (user_id) where user_id is not null;
select dx.belongs_to_agency('people');
create policy every_agency on dx.people for select to dx_dispatch using (true);
grant select (agency_id, id, user_id, left_at) on dx.people to dx_dispatch;

-- Weekly duty: weekday 1 (Monday) … 7, minutes of the agency's local day; a shift may pass midnight.
create table dx.rota_shifts (
  agency_id text not null,
  id uuid not null,
  weekday int not null check (weekday between 1 and 7),
  from_minute int not null check (from_minute between 0 and 1439),
  length_minutes int not null check (length_minutes between 1 and 1440),
  position text not null check (position in ('first', 'backup')),
  person_id uuid not null,
  primary key (agency_id, id),
  foreign key (agency_id, person_id) references dx.people
);
select dx.belongs_to_agency('rota_shifts');

create table dx.rota_overrides (
  agency_id text not null,
  id uuid not null,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null check (ends_at > starts_at),
  position text not null check (position in ('first', 'backup')),
  person_id uuid not null,
  reason text not null,
  made_by uuid,
  primary key (agency_id, id),
  foreign key (agency_id, person_id) references dx.people
);
select dx.belongs_to_agency('rota_overrides');

create table dx.channel_settings (
  agency_id text not null,
  kind text not null,
  settings_sealed bytea not null,
  enabled boolean not null default true,
  last_test jsonb,
  primary key (agency_id, kind)
);
select dx.belongs_to_agency('channel_settings');

-- One-time sign-in addresses: only the hash is kept.
create table dx.sign_in_links (
  token_hash text primary key,
  agency_id text not null,
  person_id uuid,
  purpose text not null check (purpose in ('sign-in', 'first-admin')),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
select dx.belongs_to_agency('sign_in_links');
create policy every_agency on dx.sign_in_links for select to dx_dispatch using (true);
grant select (token_hash, agency_id) on dx.sign_in_links to dx_dispatch;

create table dx.clients (
  agency_id text not null,
  id uuid not null,
  name text not null,
  contact_name text not null,
  salutation text not null,
  phone text,
  email text,
  -- In order: [{"way":"account-manager"}, {"way":"sms","to":"139…"}, {"way":"voice"}, {"way":"email"}]
  ways jsonb not null default '[]',
  quiet_from_minute int,
  quiet_until_minute int,
  account_manager_id uuid,
  created_at timestamptz(3) not null default dx.now(),
  primary key (agency_id, id)
);
select dx.belongs_to_agency('clients');

create table dx.accounts (
  agency_id text not null,
  id uuid not null,
  client_id uuid not null,
  name text not null,
  appid text not null,
  user_name text,
  kind text check (kind in ('SUB', 'SVC')),
  verified boolean,
  mode text not null check (mode in ('secret', 'component')),
  secret_sealed bytea,
  refresh_token_sealed bytea,
  base_url text not null,
  -- How we hear of things: asking (poll), WeChat's one callback address, the same with everything passed on, or a component.
  reception text not null default 'poll' check (reception in ('poll', 'callback', 'relay', 'component')),
  relay_url text,
  former_reception jsonb,
  abilities jsonb not null default '{}',
  standing text not null default 'unknown',
  authorised boolean not null default true,
  person_a uuid,
  person_b uuid,
  custodians jsonb not null default '[]',
  spare_account_id uuid,
  -- Prior agreement of the client by name: {"by":"王敏","at":"…","text":"…"}; without it a machine removes nothing.
  removal_agreement jsonb,
  -- People and systems that publish besides us: [{"name":"市场部","kind":"person","days":[1,2],"fromMinute":540,"untilMinute":1080}]
  outsiders jsonb not null default '[]',
  connected_at timestamptz(3) not null default dx.now(),
  disconnected_at timestamptz(3),
  primary key (agency_id, id),
  unique (agency_id, appid),
  foreign key (agency_id, client_id) references dx.clients
);
select dx.belongs_to_agency('accounts');

-- Whose address a push came to. Found before we know the agency, so ids only; the secrets stay with the account.
create table dx.callback_doors (
  door_id text primary key,
  agency_id text not null,
  account_id uuid,
  component_appid text,
  token_sealed bytea not null,
  -- Newest first; the former key is still honoured for pushes already under way.
  aes_keys_sealed bytea not null,
  created_at timestamptz(3) not null default dx.now()
);
select dx.belongs_to_agency('callback_doors');
create policy every_agency on dx.callback_doors for select to dx_dispatch using (true);
grant select (door_id, agency_id) on dx.callback_doors to dx_dispatch;

create table dx.components (
  agency_id text not null,
  appid text not null,
  secret_sealed bytea not null,
  ticket_sealed bytea,
  ticket_at timestamptz(3),
  base_url text not null,
  primary key (agency_id, appid)
);
select dx.belongs_to_agency('components');

create table dx.wechat_tokens (
  agency_id text not null,
  key text not null,
  token_sealed bytea not null,
  expires_at timestamptz(3) not null,
  got_at timestamptz(3) not null default dx.now(),
  primary key (agency_id, key)
);
select dx.belongs_to_agency('wechat_tokens');

-- Every call we made, for the evidence and to compare with WeChat's own count.
create table dx.wechat_calls (
  agency_id text not null,
  id bigint generated always as identity,
  account_id uuid,
  path text not null,
  started_at timestamptz(3) not null,
  took_ms int not null,
  http_status int,
  errcode int,
  rid text,
  request text,
  response text,
  primary key (agency_id, id)
);
create index wechat_calls_account on dx.wechat_calls (agency_id, account_id, started_at);
select dx.belongs_to_agency('wechat_calls');
select dx.only_gains_rows('wechat_calls');

-- Pushes as received, once each. What readers wrote is not kept here, only that it came.
create table dx.pushes (
  agency_id text not null,
  account_id uuid not null,
  dedupe_key text not null,
  received_at timestamptz(3) not null default dx.now(),
  kind text not null,
  push jsonb not null,
  raw text,
  handled_at timestamptz(3),
  primary key (agency_id, account_id, dedupe_key)
);
select dx.belongs_to_agency('pushes');
