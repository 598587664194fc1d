-- Every entry that is kept, sealed or not, with the columns that questions are asked by, to be held against its content.
SELECT e.id, e.agency, e.ref, e.kind, e.label, e.noted, e.received, e.told_at, e.sorting, e.corrects, e.head, p.content,
       (SELECT jsonb_agg(jsonb_build_array(c.part, c.agency, c.record))
        FROM ledger_concern c WHERE c.entry_id = e.id) AS concerns,
       (SELECT jsonb_agg(jsonb_build_array(
            s.agency, to_char(s.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')))
        FROM ledger_share s WHERE s.entry_id = e.id) AS shares,
       (SELECT jsonb_agg(jsonb_build_array(t.agency, t.ref))
        FROM ledger_told t WHERE t.entry_id = e.id) AS told,
       place.leaf IS NOT NULL AS placed,
       place.leaf = e.leaf AS same
FROM ledger_entry e
LEFT JOIN ledger_payload p ON p.entry_id = e.id
LEFT JOIN (
    SELECT subject, leaf FROM ledger_leaf WHERE log = 'entries'
    UNION ALL
    SELECT subject, leaf FROM ledger_unsealed WHERE log = 'entries'
) place ON place.subject = e.id
ORDER BY e.serial
