-- The ground everything stands on: one clock, two roles, agencies, deadlines, effects with their attempts.

create schema dx;
do $$ begin create role dx_app nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role dx_dispatch nologin; exception when duplicate_object or unique_violation then null; end $$;
-- The owner may step into both roles but inherits neither: without a role it sees no row at all.
do $$ begin
  if current_setting('server_version_num')::int >= 160000 then
    execute format('grant dx_app, dx_dispatch to %I with inherit false, set true', current_user);
  else
    execute format('grant dx_app, dx_dispatch to %I', current_user);
    execute format('alter role %I noinherit', current_user);
  end if;
end $$;
grant usage on schema dx to dx_app, dx_dispatch;

-- The only place that says what time it is. Tests replace this body, nothing else.
create function dx.now() returns timestamptz language sql stable as $$ select date_trunc('milliseconds', now()) $$;
create function dx.agency() returns text language sql stable as $$ select current_setting('dx.agency', true) $$;

-- Row-level security in one line for every table of an agency.
create function dx.belongs_to_agency(table_name text) returns void language plpgsql as $$
begin
  execute format('alter table dx.%I enable row level security', table_name);
  execute format('alter table dx.%I force row level security', table_name);
  execute format('create policy own_agency on dx.%I to dx_app using (agency_id = dx.agency()) with check (agency_id = dx.agency())', table_name);
  execute format('grant select, insert, update, delete on dx.%I to dx_app', table_name);
end $$;
-- Timeline, attempts, evidence: rows are added, never changed.
create function dx.only_gains_rows(table_name text) returns void language plpgsql as $$
begin
  execute format('revoke update, delete on dx.%I from dx_app', table_name);
end $$;

create table dx.agencies (
  agency_id text primary key,
  name text not null,
  zone text not null default 'Asia/Shanghai',
  settings jsonb not null default '{}',
  created_at timestamptz(3) not null default dx.now()
);
select dx.belongs_to_agency('agencies');

-- Whose, what kind, when. No contents: this table is read across agencies. The thing itself keeps its own column with
-- the moment; this row, written in the same transaction, only wakes us, and its handler reads the thing again.
create table dx.deadlines (
  agency_id text not null,
  kind text not null,
  subject_id text not null,
  due_at timestamptz(3) not null,
  lane int not null default 5,
  tries int not null default 0,
  parked_at timestamptz(3),
  last_error text,
  primary key (agency_id, kind, subject_id)
);
create index deadlines_due on dx.deadlines (due_at) where parked_at is null;
select dx.belongs_to_agency('deadlines');
create policy every_agency on dx.deadlines for select to dx_dispatch using (true);
grant select on dx.deadlines to dx_dispatch;

-- What is to be done in the outside world. `due_at` also says when a claim that fell silent may be looked at again.
create table dx.effects (
  agency_id text not null,
  id uuid not null,
  kind text not null,
  key text not null,
  mode text not null check (mode in ('real', 'drill')),
  lane int not null default 5,
  incident_id uuid,
  account_id uuid,
  payload jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'refused', 'unknown', 'expired')),
  due_at timestamptz(3) not null,
  useful_until timestamptz(3),
  tries int not null default 0,
  max_tries int not null default 5,
  worker text,
  result jsonb,
  created_at timestamptz(3) not null default dx.now(),
  settled_at timestamptz(3),
  parked_at timestamptz(3),
  primary key (agency_id, id),
  unique (agency_id, key)
);
create index effects_due on dx.effects (lane, due_at) where state in ('waiting', 'running') and parked_at is null;
create index effects_incident on dx.effects (agency_id, incident_id);
select dx.belongs_to_agency('effects');
create policy every_agency on dx.effects for select to dx_dispatch using (true);
grant select (agency_id, id, kind, lane, due_at, state, parked_at) on dx.effects to dx_dispatch;

-- Written before the call leaves, finished after: a crash in between is visible as an attempt without an end.
create table dx.attempts (
  agency_id text not null,
  effect_id uuid not null,
  number int not null,
  worker text not null,
  started_at timestamptz(3) not null,
  finished_at timestamptz(3),
  result jsonb,
  primary key (agency_id, effect_id, number),
  foreign key (agency_id, effect_id) references dx.effects
);
select dx.belongs_to_agency('attempts');

-- Keys of presses already carried out, so that a phone may send the same press again.
create table dx.presses (
  agency_id text not null,
  key text not null,
  pressed_at timestamptz(3) not null default dx.now(),
  answer jsonb not null,
  primary key (agency_id, key)
);
select dx.belongs_to_agency('presses');

-- Refusals at the door and reads of evidence: who tried what.
create table dx.audit (
  agency_id text not null,
  id bigint generated always as identity,
  at timestamptz(3) not null default dx.now(),
  who text not null,
  what text not null,
  detail jsonb not null default '{}',
  primary key (agency_id, id)
);
select dx.belongs_to_agency('audit');
select dx.only_gains_rows('audit');

-- Wakes workers for what is due now and browsers for what changed; carries ids only.
create function dx.wake_deadline() returns trigger language plpgsql as $$
begin
  if new.due_at <= dx.now() + interval '1 second' then perform pg_notify('dx_due', ''); end if;
  return null;
end $$;
create trigger wake after insert or update of due_at on dx.deadlines for each row execute function dx.wake_deadline();
create function dx.wake_effect() returns trigger language plpgsql as $$
begin
  if new.state = 'waiting' and new.due_at <= dx.now() + interval '1 second' then perform pg_notify('dx_due', ''); end if;
  return null;
end $$;
create trigger wake after insert or update of due_at, state on dx.effects for each row execute function dx.wake_effect();
