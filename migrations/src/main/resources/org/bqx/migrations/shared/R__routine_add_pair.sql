SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER because only the owner of bqx.m1 can add partitions.
CREATE OR REPLACE FUNCTION bqx.add_pair(pair text, base text DEFAULT NULL, quote text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
    family text;
    added bqx.pair;
BEGIN
    IF base IS NULL AND quote IS NULL AND pair ~ '^[A-Za-z0-9]{6}$' THEN
        base := left(pair, 3);
        quote := right(pair, 3);
    END IF;
    pair := lower(pair);
    base := lower(base);
    quote := lower(quote);
    IF (base ~ '^[a-z0-9]{2,5}$' AND quote ~ '^[a-z0-9]{2,5}$' AND base <> quote AND pair = base || quote) IS NOT TRUE THEN
        RAISE EXCEPTION 'pair "%" with base % and quote %: must be base and quote, each of 2 to 5 letters or digits',
            pair, coalesce('"' || base || '"', 'NULL'), coalesce('"' || quote || '"', 'NULL')
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Give them apart where they are not 3 + 3: SELECT bqx.add_pair(''us500usd'', ''us500'', ''usd'').';
    END IF;
    IF pair = 'market' THEN
        RAISE EXCEPTION 'pair "market": the name stands for all pairs together' USING ERRCODE = 'reserved_name';
    END IF;
    -- One at a time, so that each gets a number of its own.
    LOCK TABLE bqx.pair IN SHARE ROW EXCLUSIVE MODE;
    SELECT p.* INTO added FROM bqx.pair p WHERE p.pair = add_pair.pair;
    IF added IS NOT NULL THEN
        IF added.base <> base THEN
            RAISE EXCEPTION 'pair "%" is there, with base % and quote %', pair, added.base, added.quote
                USING ERRCODE = 'duplicate_object';
        END IF;
        RAISE NOTICE 'pair % is there already', pair;
        RETURN pair;
    END IF;
    INSERT INTO bqx.pair (pair, pair_no, base, quote)
    SELECT pair, max(taken.pair_no) + 1, base, quote
    FROM (SELECT p.pair_no FROM bqx.pair p UNION ALL SELECT r.pair_no FROM bqx.removal r) taken;
    IF to_regclass('bqx.node') IS NOT NULL THEN
        -- Its tables here come with its place: bqx.place_pairs.
        PERFORM bqx.call_nodes('add_pair', jsonb_build_object('base', base, 'quote', quote), pair);
        RETURN pair;
    END IF;
    PERFORM bqx.create_pair_table('m1', pair);
    PERFORM bqx.watch_bars(format('bqx.%I', 'm1_' || pair)::regclass);
    FOR family IN
        SELECT f.family FROM bqx.family f
        WHERE f.scope = 'pair' AND to_regclass(format('bqx.%I', f.family)) IS NOT NULL ORDER BY f.family_no
    LOOP
        PERFORM bqx.create_pair_table(family, pair);
    END LOOP;
    RETURN pair;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.add_pair TO bqx_runner;
COMMENT ON FUNCTION bqx.add_pair IS
    'Adds a pair and makes its tables: one for bars, one for each family. base and quote, of 2 to 5 letters or'
    ' digits each, can be left out where the name is 3 + 3. A pair that is there is left alone.';
