SET LOCAL ROLE bqx_owner;

CREATE OR REPLACE FUNCTION bqx.create_pair_tables(pair text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM bqx.create_pair_table('m1', pair) WHERE pair <> 'market';
    PERFORM bqx.create_pair_table(f.family, pair)
    FROM bqx.family f
    WHERE (f.scope = 'market') = (pair = 'market') AND to_regclass(format('bqx.%I', f.family)) IS NOT NULL
    ORDER BY f.family_no;
END
$$;
COMMENT ON FUNCTION bqx.create_pair_tables IS 'Makes the foreign tables of a pair: of its bars, and of each family.';
