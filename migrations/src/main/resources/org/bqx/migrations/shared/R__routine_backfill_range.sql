SET LOCAL ROLE bqx_owner;

-- From before it could be forced: a call without force would fit both.
DROP PROCEDURE IF EXISTS bqx.backfill_range(text, text[], date, date);

-- A procedure that commits can have no SET clause: the path is pinned at the start of each transaction, and nothing
-- is named without its schema until it is. That includes types, but for those that are key words.
CREATE OR REPLACE PROCEDURE bqx.backfill_range(
    family text, pairs text[], from_month date, to_month date, force boolean DEFAULT false)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    partition pg_catalog.record;
    written bigint;
    computed int;
    rows_written bigint;
    done_before int;
    held int;
    without_bars int;
    without_quotes int;
    left_over int;
    removed int;
    failed int;
    is_forced boolean;
    lacks_inputs boolean;
    first_error pg_catalog.text;
    problem pg_catalog.text;
    problem_state pg_catalog.text;
    again boolean;
BEGIN
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    computed := 0;
    rows_written := 0;
    done_before := 0;
    held := 0;
    without_bars := 0;
    without_quotes := 0;
    left_over := 0;
    removed := 0;
    is_forced := coalesce(force, false);
    failed := 0;
    PERFORM bqx.require_java();
    IF to_regclass('bqx.node') IS NOT NULL THEN
        PERFORM bqx.note_months(NULL);
        COMMIT;
        PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    END IF;
    IF bqx.check_month(from_month) > bqx.check_month(to_month) THEN
        RAISE EXCEPTION 'from_month % is after to_month %', to_char(from_month, 'YYYY-MM'), to_char(to_month, 'YYYY-MM')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM bqx.check_enabled(family) WHERE family IS NOT NULL;
    PERFORM bqx.check_pair(p) FROM unnest(pairs) p WHERE lower(p) IS DISTINCT FROM 'market';
    PERFORM bqx.check_partition_pair(f.family, pairs[1])
    FROM bqx.family f
    WHERE f.family = lower(backfill_range.family) AND cardinality(pairs) > 0
        AND NOT EXISTS (SELECT FROM unnest(pairs) p WHERE (lower(p) = 'market') = (f.scope = 'market'));

    FOR partition IN
        SELECT p.family, p.pair, p.month, p.state, p.reason, p.rows IS NOT NULL AS has_rows
        FROM bqx.progress p
        WHERE p.family = coalesce(lower(backfill_range.family), p.family)
            AND (pairs IS NULL OR p.pair = ANY (SELECT lower(unnest(pairs))))
            AND p.month BETWEEN bqx.check_month(from_month) AND bqx.check_month(to_month)
        ORDER BY p.month, p.pair, p.family
    LOOP
        lacks_inputs := partition.state IN ('no bars', 'no quotes');
        IF partition.state = 'done' AND NOT is_forced THEN
            done_before := done_before + 1;
            CONTINUE;
        ELSIF lacks_inputs AND NOT (is_forced AND partition.has_rows) THEN
            IF partition.state = 'no bars' THEN
                without_bars := without_bars + 1;
            ELSE
                without_quotes := without_quotes + 1;
            END IF;
            IF partition.has_rows THEN
                left_over := left_over + 1;
            END IF;
            CONTINUE;
        ELSIF partition.state = 'unreachable' THEN
            failed := failed + 1;
            first_error := coalesce(first_error, partition.reason);
            CONTINUE;
        END IF;
        FOR attempt IN 1 .. 3 LOOP
            problem := NULL;
            BEGIN
                written := bqx.backfill(partition.family, partition.pair, partition.month, is_forced);
                -- Bars may have come back meanwhile.
                IF lacks_inputs AND written = 0 THEN
                    removed := removed + 1;
                ELSE
                    computed := computed + 1;
                    rows_written := rows_written + written;
                END IF;
            EXCEPTION
                WHEN lock_not_available THEN
                    held := held + 1;
                    RAISE NOTICE '%', SQLERRM;
                WHEN OTHERS THEN
                    problem := SQLERRM;
                    problem_state := SQLSTATE;
            END;
            -- On a front, another may just have brought the bars that this one needed, too. It finds them then.
            again := problem IS NOT NULL AND problem_state = '40001' AND attempt < 3;
            IF problem IS NOT NULL AND NOT again THEN
                failed := failed + 1;
                first_error := coalesce(first_error, problem);
                RAISE WARNING '%: %', bqx.partition_name(partition.family, partition.pair, partition.month), problem;
                IF problem_state LIKE '08%' OR problem_state IN ('57P01', '57P02', '57P03') THEN
                    -- A transaction of a front that has lost a node on its way cannot be committed.
                    ROLLBACK;
                    PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
                END IF;
                PERFORM bqx.record_failure(partition.family, partition.pair, partition.month, problem_state, problem);
            END IF;
            COMMIT;
            PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
            EXIT WHEN NOT again;
        END LOOP;
    END LOOP;

    IF without_bars > 0 THEN
        RAISE NOTICE '%', without_bars || CASE without_bars
            WHEN 1 THEN ' partition left out: its month has no bars'
            ELSE ' partitions left out: their months have no bars'
        END;
    END IF;
    IF without_quotes > 0 THEN
        RAISE NOTICE '%', without_quotes || CASE without_quotes
            WHEN 1 THEN ' partition left out: no bar of it has bid and ask'
            ELSE ' partitions left out: no bar of theirs has bid and ask'
        END;
    END IF;
    IF left_over > 0 THEN
        RAISE NOTICE '% with rows whose bars or quotes are gone',
            left_over || CASE left_over WHEN 1 THEN ' partition' ELSE ' partitions' END
            USING HINT = 'Pass force => true to remove the rows; what has bars is computed again.';
    END IF;
    IF computed + removed + done_before + held + failed + without_quotes = 0 THEN
        RAISE EXCEPTION 'no bars from % to % for these pairs', to_char(from_month, 'YYYY-MM'), to_char(to_month, 'YYYY-MM')
            USING ERRCODE = 'QX003', HINT = 'SELECT * FROM bqx.m1_month lists the months that have bars.';
    END IF;
    RAISE NOTICE '% computed (%), % done before, % held by others, % failed%',
        computed || CASE computed WHEN 1 THEN ' partition' ELSE ' partitions' END,
        rows_written || CASE rows_written WHEN 1 THEN ' row' ELSE ' rows' END, done_before, held, failed,
        CASE removed WHEN 0 THEN '' WHEN 1 THEN ', rows of 1 partition removed'
            ELSE format(', rows of %s partitions removed', removed) END;
    IF failed > 0 THEN
        RAISE EXCEPTION '% of % partitions failed, the first because: %',
            failed, computed + removed + done_before + held + failed, first_error
            USING ERRCODE = 'QX006', HINT = 'SELECT * FROM bqx.progress WHERE state = ''failed'' lists them.';
    ELSIF held > 0 THEN
        RAISE EXCEPTION '% of % partitions are being computed by others', held, computed + removed + done_before + held
            USING ERRCODE = 'lock_not_available', HINT = 'Call again when they have ended.';
    END IF;
END
$$;
GRANT EXECUTE ON PROCEDURE bqx.backfill_range TO bqx_runner;
COMMENT ON PROCEDURE bqx.backfill_range IS
    'Computes every partition from from_month to to_month, both included, that is not done: oldest month first,'
    ' each in a transaction of its own. NULL pairs means all, NULL family all that are enabled. A partition that'
    ' fails is recorded, of a front those of a node that does not answer count as failed, the rest goes on, and the call'
    ' ends with an error that counts them. force computes what is done, too, and removes the rows of partitions whose'
    ' bars, or the bid and ask that they are made of, are gone.';
