-- Everything that is kept of the tree of entries, in its order: the sealed leaves, then those that wait.
WITH place AS (
    SELECT position, NULL::bigint AS serial, subject, leaf FROM ledger_leaf WHERE log = 'entries'
    UNION ALL
    SELECT NULL, serial, subject, leaf FROM ledger_unsealed WHERE log = 'entries'
)
SELECT place.position,
       place.subject,
       coalesce(e.leaf, x.leaf, place.leaf) AS leaf,
       coalesce(e.head, x.head) AS head,
       p.content, p.salt, p.digest,
       (SELECT array_agg(l.person ORDER BY l.person) FROM ledger_link l WHERE l.entry_id = e.id) AS persons,
       (SELECT array_agg(l.version ORDER BY l.person) FROM ledger_link l WHERE l.entry_id = e.id) AS versions,
       (SELECT array_agg(l.hash ORDER BY l.person) FROM ledger_link l WHERE l.entry_id = e.id) AS hashes
FROM place
LEFT JOIN ledger_entry e ON e.id = place.subject
LEFT JOIN ledger_payload p ON p.entry_id = e.id
LEFT JOIN ledger_erasure x ON x.id = place.subject
ORDER BY place.position NULLS LAST, place.serial
