SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: what it sees is written here and nowhere else.
CREATE OR REPLACE FUNCTION bqx.note_months(pairs text[] DEFAULT NULL) RETURNS int
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    noted int;
BEGIN
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p;
    -- One after the other, so that two cannot wait for each other.
    LOCK TABLE bqx.pair_month IN SHARE ROW EXCLUSIVE MODE;
    WITH seen AS MATERIALIZED (
        SELECT m.pair, m.month, m.bars, m.revision
        FROM bqx.node n
        CROSS JOIN LATERAL bqx.months_of(n.node) m
        WHERE note_months.pairs IS NULL
            OR n.node IN (SELECT p.node FROM bqx.pair_node p WHERE p.pair IN (SELECT lower(unnest(note_months.pairs))))
    ), come_back AS (
        -- Bars of a month that was dropped: it is one to be computed again.
        UPDATE bqx.pair p SET kept_from = s.first_month
        FROM (
            SELECT n.pair, min(n.month) AS first_month FROM seen n
            WHERE n.revision IS NOT NULL AND NOT EXISTS (
                SELECT FROM bqx.pair_month k WHERE k.pair = n.pair AND k.month = n.month)
            GROUP BY n.pair
        ) s
        WHERE p.pair = s.pair AND p.kept_from > s.first_month
    ), gone AS (
        DELETE FROM bqx.pair_month k
        WHERE (note_months.pairs IS NULL OR k.pair IN (SELECT lower(unnest(note_months.pairs))))
            AND NOT EXISTS (SELECT FROM seen s WHERE s.pair = k.pair AND s.month = k.month)
        RETURNING 1
    ), written AS (
        INSERT INTO bqx.pair_month AS k (pair, month, bars)
        SELECT s.pair, s.month, s.bars FROM seen s
        WHERE s.revision IS NOT NULL
            AND (note_months.pairs IS NULL OR s.pair IN (SELECT lower(unnest(note_months.pairs))))
        ON CONFLICT ON CONSTRAINT pair_month_pkey DO UPDATE SET bars = excluded.bars WHERE k.bars <> excluded.bars
        RETURNING pg_notify('bqx_bars', k.pair || ' ' || to_char(k.month, 'YYYY-MM'))
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written) INTO noted;
    RETURN noted;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.note_months TO bqx_runner;
COMMENT ON FUNCTION bqx.note_months IS
    'Notes which months of pairs have bars, NULL for all pairs, for the time when their node does not answer; nodes that'
    ' do not answer now are left as they were. Tells who listens to bqx_bars here of those whose bars have become more'
    ' or fewer. Returns how many that are.';
