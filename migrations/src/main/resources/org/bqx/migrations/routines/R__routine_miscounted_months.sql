SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.miscounted_months(exact boolean DEFAULT false)
RETURNS TABLE (pair text, month date, noted bigint, found text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
    one record;
    bars bigint;
BEGIN
    -- A name is read as a month above the join of both sides: below, the planner may read those of all relations.
    FOR one IN
        SELECT coalesce(m.pair, c.pair) AS pair, coalesce(m.month, to_date(right(c.name, 7), 'YYYY_MM')) AS month,
            coalesce(m.bars, 0) AS noted, c.name
        FROM (SELECT m.*, bqx.partition_name('m1', m.pair, m.month) AS name FROM bqx.m1_month m) m
        FULL JOIN (
            SELECT p.pair, c.relname::text AS name
            FROM bqx.pair p
            JOIN pg_inherits i ON i.inhparent = to_regclass(format('bqx.%I', 'm1_' || p.pair))
            JOIN pg_class c ON c.oid = i.inhrelid
        ) c USING (name)
        ORDER BY 1, 2
    LOOP
        bars := 0;
        IF one.name IS NOT NULL THEN
            EXECUTE format('SELECT count(*) FROM (SELECT FROM bqx.%I LIMIT %s) b', one.name,
                CASE WHEN exact THEN 'ALL' ELSE '1' END) INTO bars;
        END IF;
        IF (bars > 0) <> (one.noted > 0) OR exact AND bars <> one.noted THEN
            RETURN QUERY SELECT one.pair, one.month, one.noted,
                CASE WHEN exact OR bars = 0 THEN bars::text ELSE 'some' END;
        END IF;
    END LOOP;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.miscounted_months TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.miscounted_months IS
    'Months whose bars are not what bqx.m1_month says, since they came or went behind the triggers. Where exact is'
    ' false it looks at each month''s first bar alone, so that it costs next to nothing: a month that has bars and'
    ' is not noted, or is noted and has none. bqx.recount_bars mends it.';
