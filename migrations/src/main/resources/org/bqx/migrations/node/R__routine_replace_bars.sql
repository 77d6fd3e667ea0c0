SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.replace_bars(pair text, bars jsonb) RETURNS bigint
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    checked_pair CONSTANT text := bqx.check_pair(pair);
    changed bigint;
BEGIN
    UPDATE bqx.m1 stored
    SET open = given.open, high = given.high, low = given.low, close = given.close, volume = given.volume,
        bid_close = CASE WHEN given.close = stored.close
            THEN coalesce(given.bid_close, stored.bid_close) ELSE given.bid_close END,
        ask_close = CASE WHEN given.close = stored.close
            THEN coalesce(given.ask_close, stored.ask_close) ELSE given.ask_close END
    FROM jsonb_to_recordset(replace_bars.bars) AS given (
        time timestamptz, open double precision, high double precision, low double precision, close double precision,
        volume double precision, bid_close double precision, ask_close double precision)
    WHERE stored.pair = checked_pair AND stored.time = given.time
        AND ((stored.open, stored.high, stored.low, stored.close, stored.volume)
                IS DISTINCT FROM (given.open, given.high, given.low, given.close, given.volume)
            OR stored.bid_close <> given.bid_close OR stored.ask_close <> given.ask_close
            OR (stored.bid_close IS NULL) > (given.bid_close IS NULL)
            OR (stored.ask_close IS NULL) > (given.ask_close IS NULL));
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.replace_bars TO bqx_runner;
COMMENT ON FUNCTION bqx.replace_bars IS
    'Gives bars that are there the values of an array of objects of time, open, high, low, close, volume, and'
    ' bid_close and ask_close where they are known. Returns how many bars had others. Bars that are not there are not'
    ' added.';
