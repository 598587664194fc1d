-- Every entry about some agencies' records that exists at a moment, and whether a viewer may read it.
-- The SQL twin of entry.on_or_before and entry.known_to; a property test holds them equal.
-- agencies, records: two arrays side by side.   until: a moment, inclusive.   reach_agency: whose knowledge counts.
-- sealed: only what stands in the tree of this size, or null.
-- Only a telling entry has a told_at: asked first, it spares a look at ledger_told for each of the others.
-- supervising: sectors. `beside`: of the other side of the bridge, and none of these records is its subject.
-- Moments come as whole microseconds since 1970, which a long line reads in a tenth of the time.
-- {readable}: the condition that access.reach gives. The content of what it leaves out is never joined.
WITH across AS (
    SELECT w.code
    FROM access_agency w
    JOIN access_agency v ON v.code = %(reach_agency)s
      AND (v.sector = ANY(%(supervising)s::text[])) <> (w.sector = ANY(%(supervising)s::text[]))
),
line AS MATERIALIZED (
    SELECT e.id, e.agency, e.ref, e.noted, e.received, e.told_at, e.label,
           NOT named.about AND e.agency IN (SELECT code FROM across) AS beside
    FROM (
        SELECT c.entry_id, bool_or(c.part = 'subject') AS about
        FROM unnest(%(agencies)s::text[], %(records)s::text[]) AS r(agency, record)
        JOIN ledger_concern c USING (agency, record)
        GROUP BY c.entry_id
    ) AS named
    JOIN ledger_entry e ON e.id = named.entry_id
    WHERE e.noted <= %(until)s
      AND (%(sealed)s::bigint IS NULL OR EXISTS (
          SELECT FROM ledger_leaf f WHERE f.log = 'entries' AND f.subject = e.id AND f.position < %(sealed)s))
),
since AS (
    SELECT id, noted AS at FROM line WHERE agency = %(reach_agency)s
    UNION ALL
    SELECT s.entry_id, s.at FROM ledger_share s JOIN line ON line.id = s.entry_id WHERE s.agency = %(reach_agency)s
    UNION ALL
    SELECT l.id, l.noted FROM ledger_told t JOIN line l ON l.id = t.entry_id AND l.told_at IS NOT NULL
    WHERE t.agency = %(reach_agency)s
    UNION ALL
    SELECT n.id, greatest(l.told_at, l.noted, n.noted)
    FROM ledger_told t
    JOIN line l ON l.id = t.entry_id AND l.told_at IS NOT NULL
    JOIN line n ON n.ref = t.ref
    WHERE t.agency = %(reach_agency)s
      AND (n.agency = l.agency OR (SELECT count(*) FROM line x WHERE x.ref = t.ref) = 1)
),
known AS (
    SELECT id, min(at) AS at FROM since GROUP BY id HAVING min(at) <= %(until)s
),
seen AS (
    SELECT line.*, known.at AS since, {readable} AS readable
    FROM line LEFT JOIN known USING (id)
)
SELECT s.id, s.agency, s.label,
       (extract(epoch FROM s.received) * 1000000)::bigint, (extract(epoch FROM s.since) * 1000000)::bigint,
       s.readable, p.content
FROM seen s
LEFT JOIN ledger_payload p ON p.entry_id = s.id AND s.readable
ORDER BY s.noted, s.ref, s.agency
