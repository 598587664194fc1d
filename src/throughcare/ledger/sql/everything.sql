-- Every entry about some agencies' records, whole. agencies, records: two arrays side by side.
-- kinds: only entries of these, or null.
SELECT p.content, e.received
FROM ledger_entry e
JOIN ledger_payload p ON p.entry_id = e.id
WHERE e.id IN (
    SELECT c.entry_id
    FROM unnest(%(agencies)s::text[], %(records)s::text[]) AS r(agency, record)
    JOIN ledger_concern c USING (agency, record))
  AND (%(kinds)s::text[] IS NULL OR e.kind = ANY(%(kinds)s))
ORDER BY e.noted, e.ref, e.agency
