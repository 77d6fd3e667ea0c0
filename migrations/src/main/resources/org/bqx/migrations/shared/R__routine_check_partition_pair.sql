SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.check_partition_pair(family text, pair text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF (SELECT f.scope FROM bqx.family f WHERE f.family = check_partition_pair.family) = 'pair' THEN
        RETURN bqx.check_pair(pair);
    END IF;
    IF lower(pair) IS DISTINCT FROM 'market' THEN
        RAISE EXCEPTION 'family % has no pair "%": it is of the market', family, pair
            USING ERRCODE = 'QX001', HINT = 'Its pair is called market.';
    END IF;
    RETURN 'market';
END
$$;
GRANT EXECUTE ON FUNCTION bqx.check_partition_pair TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.check_partition_pair IS
    'Refuses a pair that a family has no partitions of; returns it as bqx.partition_state writes it. That is'
    ' ''market'' for a family of the market, and a pair of bqx.pair for any other.';
