-- All rows of a batch of entries, in one statement. Arrays of one group stand side by side.
WITH entry AS (
    INSERT INTO ledger_entry
        (id, agency, ref, kind, label, noted, received, told_at, sorting, corrects, head, leaf)
    SELECT * FROM unnest(
        %(id)s::uuid[], %(agency)s::text[], %(ref)s::text[], %(kind)s::text[], %(label)s::text[],
        %(noted)s::timestamptz[], %(received)s::timestamptz[], %(told_at)s::timestamptz[], %(sorting)s::timestamptz[],
        %(corrects)s::text[], %(head)s::bytea[], %(leaf)s::bytea[])
    RETURNING id, serial, leaf
), payload AS (
    INSERT INTO ledger_payload (entry_id, content, salt, digest)
    SELECT * FROM unnest(%(id)s::uuid[], %(content)s::bytea[], %(salt)s::bytea[], %(digest)s::bytea[])
), concern AS (
    INSERT INTO ledger_concern (entry_id, part, agency, record)
    SELECT * FROM unnest(
        %(concern_entry)s::uuid[], %(concern_part)s::text[], %(concern_agency)s::text[], %(concern_record)s::text[])
), share AS (
    INSERT INTO ledger_share (entry_id, agency, at)
    SELECT * FROM unnest(%(share_entry)s::uuid[], %(share_agency)s::text[], %(share_at)s::timestamptz[])
), told AS (
    INSERT INTO ledger_told (entry_id, agency, ref)
    SELECT * FROM unnest(%(told_entry)s::uuid[], %(told_agency)s::text[], %(told_ref)s::text[])
), link AS (
    INSERT INTO ledger_link (person, version, entry_id, hash)
    SELECT * FROM unnest(
        %(link_person)s::uuid[], %(link_version)s::int[], %(link_entry)s::uuid[], %(link_hash)s::bytea[])
), head AS (
    UPDATE ledger_head h SET version = n.version, hash = n.hash
    FROM unnest(%(head_person)s::uuid[], %(head_version)s::int[], %(head_hash)s::bytea[]) AS n(person, version, hash)
    WHERE h.person = n.person
)
INSERT INTO ledger_unsealed (log, serial, subject, leaf)
SELECT 'entries', serial, id, leaf FROM entry
