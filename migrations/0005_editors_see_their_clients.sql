-- An editor sees the accounts on which they are A or B, and what hangs on these; everybody else in the agency sees all.
-- `dx.viewer` is set for requests of editors only; workers, leads and admins leave it empty.
create function dx.viewer() returns text language sql stable as $$ select coalesce(current_setting('dx.viewer', true), '') $$;

create policy editors_own on dx.accounts as restrictive to dx_app
  using (dx.viewer() = '' or person_a::text = dx.viewer() or person_b::text = dx.viewer());
create policy editors_own on dx.incidents as restrictive to dx_app
  using (dx.viewer() = '' or commander::text = dx.viewer()
    -- Whoever was woken for it sees it, whoever's account it is.
    or exists (select 1 from dx.pages p where p.agency_id = incidents.agency_id and p.incident_id = incidents.id and p.person_id::text = dx.viewer())
    or exists (select 1 from dx.accounts a where a.agency_id = incidents.agency_id and a.id = incidents.account_id));
create policy editors_own on dx.publications as restrictive to dx_app
  using (dx.viewer() = '' or exists (select 1 from dx.accounts a where a.agency_id = publications.agency_id and a.id = publications.account_id));
create policy editors_own on dx.clients as restrictive to dx_app
  using (dx.viewer() = '' or exists (select 1 from dx.accounts a where a.agency_id = clients.agency_id and a.client_id = clients.id));
