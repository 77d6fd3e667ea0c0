SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes writes here so.
CREATE OR REPLACE FUNCTION bqx.acknowledge_gaps(
    pairs text[] DEFAULT NULL, from_time timestamptz DEFAULT NULL, to_time timestamptz DEFAULT NULL, note text DEFAULT NULL)
RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    acknowledged int;
BEGIN
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p;
    INSERT INTO bqx.acknowledged_gap (pair, from_time, to_time, note)
    SELECT g.pair, g.from_time, g.to_time, acknowledge_gaps.note
    FROM bqx.gap g
    WHERE g.state = 'open' AND (pairs IS NULL OR g.pair IN (SELECT lower(unnest(pairs))))
        AND g.from_time >= coalesce(acknowledge_gaps.from_time, '-infinity')
        AND g.from_time <= coalesce(acknowledge_gaps.to_time, 'infinity')
    ON CONFLICT (pair, from_time) DO UPDATE SET to_time = excluded.to_time, note = excluded.note,
        role_name = excluded.role_name, acknowledged_at = excluded.acknowledged_at;
    GET DIAGNOSTICS acknowledged = ROW_COUNT;
    RETURN acknowledged;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.acknowledge_gaps TO bqx_runner;
COMMENT ON FUNCTION bqx.acknowledge_gaps IS
    'Says that gaps are known, so that nothing warns of them any more: those of these pairs that begin at from_time'
    ' or later, and at to_time or earlier. NULL means all pairs, or no limit. Returns how many gaps that are.';
