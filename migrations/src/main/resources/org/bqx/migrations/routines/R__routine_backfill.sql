SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who computes need not own the tables.
CREATE OR REPLACE FUNCTION bqx.backfill(family text, pair text, month date, force boolean DEFAULT false)
RETURNS bigint
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    checked_family CONSTANT text := bqx.check_enabled(family);
    checked_pair CONSTANT text := bqx.check_partition_pair(checked_family, pair);
    checked_month CONSTANT date := bqx.check_month(month);
    session_version text;
    begun record;
    rows_written bigint := 0;
BEGIN
    PERFORM bqx.require_java();
    session_version := bqx.functions_version(checked_family);
    begun := bqx.begin_partition(checked_family, checked_pair, checked_month, coalesce(force, false), session_version);
    IF begun.work IS NULL THEN
        RETURN 0;
    END IF;
    -- To the end in one block: the rows of a block that has ended are slower to tell from those of others.
    BEGIN
        IF (begun.work).table_name IS NOT NULL THEN
            rows_written := bqx.insert_rows(begun.work, begun.source);
            -- A session may change to a new jar at any statement: the rows are of the version that was there before
            -- them and is there after them.
            IF bqx.functions_version(checked_family) IS DISTINCT FROM session_version THEN
                RAISE EXCEPTION 'the functions of % changed from % to % while a partition was computed',
                    checked_family, session_version, bqx.functions_version(checked_family)
                    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Call again.';
            END IF;
        END IF;
        PERFORM bqx.finish_partition(begun.work, begun.source, rows_written);
    EXCEPTION
        -- Of values that the family's Java refuses. It knows of bars by their number alone.
        WHEN SQLSTATE 'QX005' OR invalid_parameter_value THEN
            RAISE EXCEPTION '%', bqx.name_bar(SQLERRM, (begun.source).times) USING ERRCODE = SQLSTATE;
    END;
    RETURN rows_written;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.backfill TO bqx_runner;
COMMENT ON FUNCTION bqx.backfill IS
    'Computes one partition: one family, one pair, one UTC month. Returns the rows written, 0 when the partition is'
    ' done and left alone, or when no bar that it reads has changed. Where bars were only appended, their rows alone'
    ' are added. All or nothing: the rows, and the state row that describes them, come with the caller''s COMMIT.';
