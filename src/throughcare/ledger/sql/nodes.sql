-- Kept subtree hashes of one log that are not the hash of their two halves.
WITH lower AS (
    SELECT level, index, hash FROM ledger_node WHERE log = %(log)s
    UNION ALL
    SELECT 0, position, leaf FROM ledger_leaf WHERE log = %(log)s
)
SELECT n.level, n.index
FROM ledger_node n
LEFT JOIN lower l ON l.level = n.level - 1 AND l.index = n.index * 2
LEFT JOIN lower r ON r.level = n.level - 1 AND r.index = n.index * 2 + 1
WHERE n.log = %(log)s
  AND n.hash IS DISTINCT FROM sha256('\x01'::bytea || l.hash || r.hash)
ORDER BY n.level, n.index
LIMIT 100
