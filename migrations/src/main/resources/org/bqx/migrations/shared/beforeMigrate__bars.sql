-- Stage 1.5.2 makes these functions with the table of bars, and finds them where a database was migrated to the stage
-- before it: repeatable migrations are of every stage.
DO $$
BEGIN
    IF to_regclass('bqx.m1') IS NULL AND to_regproc('bqx.watch_bars') IS NOT NULL THEN
        SET LOCAL ROLE bqx_owner;
        DROP FUNCTION bqx.set_rate_index, bqx.bars_changed, bqx.bars_truncated, bqx.watch_bars;
        RESET ROLE;
    END IF;
END
$$;
