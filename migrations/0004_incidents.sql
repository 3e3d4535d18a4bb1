-- Incidents: the timeline is the truth, the other tables are what it adds up to.

create table dx.incident_numbers (
  agency_id text primary key,
  last_number int not null default 2600
);
select dx.belongs_to_agency('incident_numbers');

create table dx.incidents (
  agency_id text not null,
  id uuid not null,
  number int not null,
  account_id uuid not null,
  client_id uuid not null,
  mode text not null check (mode in ('real', 'drill')),
  -- The plan and the policies the incident began with: editing them changes tomorrow, not tonight.
  plan jsonb not null,
  policy jsonb not null,
  title text not null,
  severity text not null check (severity in ('P1', 'P2', 'P3', 'P4')),
  state text not null check (state in ('open', 'acknowledged', 'contained', 'restored', 'watching', 'reviewed', 'merged')),
  certainty text not null check (certainty in ('single-sign', 'confirmed', 'false-alarm')),
  detected_at timestamptz(3) not null,
  opened_at timestamptz(3) not null,
  acknowledged_at timestamptz(3),
  commander uuid,
  lease_until timestamptz(3),
  contained_at timestamptz(3),
  restored_at timestamptz(3),
  closed_at timestamptz(3),
  next_update_at timestamptz(3),
  -- The whole state as the timeline adds it up (src/incidents/replay.ts).
  snapshot jsonb not null,
  head_seq int not null,
  head_hash text not null,
  primary key (agency_id, id),
  unique (agency_id, number),
  foreign key (agency_id, account_id) references dx.accounts
);
-- One open incident of a plan and an account in a mode: signals join it instead of opening another.
create unique index incidents_one_open on dx.incidents (agency_id, account_id, mode, (plan ->> 'slug'))
  where state in ('open', 'acknowledged', 'contained');
select dx.belongs_to_agency('incidents');

create table dx.timeline (
  agency_id text not null,
  incident_id uuid not null,
  seq int not null,
  at timestamptz(3) not null,
  kind text not null,
  by text not null,
  data jsonb not null,
  hash text not null,
  primary key (agency_id, incident_id, seq),
  foreign key (agency_id, incident_id) references dx.incidents deferrable initially deferred
);
select dx.belongs_to_agency('timeline');
select dx.only_gains_rows('timeline');

create table dx.incident_clocks (
  agency_id text not null,
  incident_id uuid not null,
  key text not null,
  due_at timestamptz(3) not null,
  met_at timestamptz(3),
  missed_at timestamptz(3),
  primary key (agency_id, incident_id, key),
  foreign key (agency_id, incident_id) references dx.incidents
);
create index incident_clocks_due on dx.incident_clocks (agency_id, due_at) where met_at is null and missed_at is null;
select dx.belongs_to_agency('incident_clocks');

create table dx.incident_steps (
  agency_id text not null,
  incident_id uuid not null,
  key text not null,
  position int not null,
  state text not null,
  due_at timestamptz(3),
  done_at timestamptz(3),
  done_by text,
  primary key (agency_id, incident_id, key),
  foreign key (agency_id, incident_id) references dx.incidents
);
create index incident_steps_due on dx.incident_steps (agency_id, due_at) where done_at is null;
select dx.belongs_to_agency('incident_steps');

-- Heads of chains written down outside the log as well.
create table dx.chain_pins (
  agency_id text not null,
  incident_id uuid not null,
  seq int not null,
  hash text not null,
  pinned_at timestamptz(3) not null default dx.now(),
  place text not null,
  primary key (agency_id, incident_id, seq, place)
);
select dx.belongs_to_agency('chain_pins');
select dx.only_gains_rows('chain_pins');

create table dx.evidence_items (
  agency_id text not null,
  id uuid not null,
  incident_id uuid not null,
  hash text not null,
  size int not null,
  name text not null,
  media_type text not null,
  source text not null,
  step text,
  proof text,
  device_at timestamptz(3),
  taken_at timestamptz(3) not null default dx.now(),
  by text not null,
  primary key (agency_id, id),
  unique (agency_id, incident_id, hash, name)
);
select dx.belongs_to_agency('evidence_items');
select dx.only_gains_rows('evidence_items');

-- Reaching our own people: one row per hop of the ladder.
create table dx.pages (
  agency_id text not null,
  incident_id uuid not null,
  hop int not null,
  round int not null,
  person_id uuid not null,
  channel text not null,
  sent_to text not null,
  due_at timestamptz(3) not null,
  sent_at timestamptz(3),
  result text,
  detail text,
  primary key (agency_id, incident_id, round, hop, person_id, channel),
  foreign key (agency_id, incident_id) references dx.incidents
);
select dx.belongs_to_agency('pages');

-- Every sending through a channel, counted when it is tried: what budgets are reckoned from.
create table dx.sends (
  agency_id text not null,
  id bigint generated always as identity,
  kind text not null,
  sent_to text not null,
  content text,
  effect_id uuid,
  at timestamptz(3) not null default dx.now(),
  send_id text,
  update_token text,
  held_until timestamptz(3),
  primary key (agency_id, id)
);
create index sends_recent on dx.sends (agency_id, kind, at);
create index sends_by_id on dx.sends (agency_id, kind, send_id);
select dx.belongs_to_agency('sends');

-- Words to the client.
create table dx.client_messages (
  agency_id text not null,
  id uuid not null,
  incident_id uuid not null,
  kind text not null check (kind in ('first', 'plans', 'progress', 'restored')),
  revision int not null default 1,
  state text not null check (state in ('draft', 'sending', 'waiting-for-hand', 'sent', 'failed', 'superseded')),
  text text not null,
  plans jsonb,
  next_update_at timestamptz(3),
  silent_default text,
  choose_until timestamptz(3),
  auto_at timestamptz(3),
  approved_by text,
  sent_at timestamptz(3),
  read_at timestamptz(3),
  primary key (agency_id, id),
  foreign key (agency_id, incident_id) references dx.incidents
);
create index client_messages_auto on dx.client_messages (agency_id, auto_at) where state = 'draft';
select dx.belongs_to_agency('client_messages');

create table dx.message_ways (
  agency_id text not null,
  message_id uuid not null,
  position int not null,
  way text not null,
  sent_to text not null,
  state text not null check (state in ('waiting', 'asked', 'sending', 'sent', 'delivered', 'refused', 'unknown', 'skipped')),
  due_at timestamptz(3),
  settled_at timestamptz(3),
  detail text,
  primary key (agency_id, message_id, position),
  foreign key (agency_id, message_id) references dx.client_messages
);
select dx.belongs_to_agency('message_ways');

-- Signed links: the client's portal and a person's page. Only hashes are kept; found before the agency is known.
create table dx.links (
  token_hash text primary key,
  agency_id text not null,
  purpose text not null check (purpose in ('client', 'person')),
  incident_id uuid,
  client_id uuid,
  person_id uuid,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  first_opened_at timestamptz(3)
);
select dx.belongs_to_agency('links');
create policy every_agency on dx.links for select to dx_dispatch using (true);
grant select (token_hash, agency_id) on dx.links to dx_dispatch;

-- Codes sent to a client's phone before the first act on a device.
create table dx.portal_codes (
  agency_id text not null,
  id uuid not null,
  incident_id uuid not null,
  client_id uuid not null,
  device_hash text not null,
  code_hash text not null,
  expires_at timestamptz(3) not null,
  tries int not null default 0,
  used_at timestamptz(3),
  primary key (agency_id, id)
);
create index portal_codes_device on dx.portal_codes (agency_id, incident_id, device_hash, expires_at);
select dx.belongs_to_agency('portal_codes');

-- Tells open pages that something of an incident changed; the page then asks again.
create function dx.tell_live() returns trigger language plpgsql as $$
begin
  perform pg_notify('dx_live', json_build_object('agency', new.agency_id, 'incident', new.incident_id, 'seq', new.seq)::text);
  return null;
end $$;
create trigger live after insert on dx.timeline for each row execute function dx.tell_live();
