SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.finish_rows() RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    begun bqx.begun_work;
    work bqx.work;
    source bqx.source;
    staged text;
    names text;
    rows_written bigint := 0;
    first_time timestamptz;
    last_time timestamptz;
BEGIN
    DELETE FROM bqx.begun_work b WHERE b.transaction = pg_current_xact_id() RETURNING b.* INTO begun;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no partition was begun in this transaction'
            USING ERRCODE = 'no_active_sql_transaction', HINT = 'BEGIN, then SELECT * FROM bqx.begin_rows(...).';
    END IF;
    work := begun.work;
    source := begun.source;
    IF work.write <> 'no rows' THEN
        staged := bqx.partition_name(work.family, work.pair, work.month) || '_building';
        EXECUTE format('REVOKE INSERT ON bqx.%I FROM bqx_runner', staged);
        EXECUTE format('SELECT count(*), min(ts_utc), max(ts_utc) FROM bqx.%I', staged)
        INTO rows_written, first_time, last_time;
        IF (first_time, last_time) IS DISTINCT FROM (begun.first_time, begun.last_time) THEN
            RAISE EXCEPTION '% rows came for % from % to %, expected are those from % to %',
                rows_written, bqx.partition_name(work.family, work.pair, work.month),
                bqx.utc_text(first_time), bqx.utc_text(last_time),
                bqx.utc_text(begun.first_time), bqx.utc_text(begun.last_time)
                USING ERRCODE = 'data_exception';
        END IF;
        IF work.write <> 'all rows' THEN
            SELECT string_agg(format('%I', c.column_name), ', ' ORDER BY c.element) INTO names
            FROM bqx.feature_column c
            WHERE c.family = work.family;
            EXECUTE format('INSERT INTO bqx.%1$I (pair, ts_utc, rate_index, %2$s)'
                ' SELECT pair, ts_utc, rate_index, %2$s FROM bqx.%3$I', work.table_name, names, staged);
            EXECUTE format('DROP TABLE bqx.%I', staged);
        END IF;
    END IF;
    PERFORM bqx.finish_partition(work, source, rows_written);
    RETURN rows_written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.finish_rows TO bqx_runner;
COMMENT ON FUNCTION bqx.finish_rows IS
    'Ends what bqx.begin_rows began in this transaction: puts the rows that the client has brought in place, and'
    ' says so in the partition''s state. Returns their number. It takes no argument, so that a client can say'
    ' nothing about the partition but by its rows: they must be as many as were asked for, one a bar at most, from'
    ' the first bar to the last, and all of the partition''s pair and month.';
