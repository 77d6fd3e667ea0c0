SET LOCAL ROLE bqx_owner;

-- SECURITY DEFINER: who reads the bars may verify, and need not know the helpers.
CREATE OR REPLACE FUNCTION bqx.verified_source(
    family text, pair text, month date,
    OUT times timestamptz[], OUT inputs double precision[], OUT bars int, OUT skip int, OUT tail int, OUT windows int[],
    OUT digest text)
LANGUAGE plpgsql STABLE
SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    source CONSTANT bqx.source := bqx.read_source(
        bqx.check_family(family), bqx.check_partition_pair(lower(family), pair), bqx.check_month(month));
BEGIN
    times := source.times;
    inputs := source.inputs;
    bars := source.bars;
    skip := source.skip;
    tail := source.tail;
    windows := source.windows;
    digest := source.digest;
END
$$;
GRANT EXECUTE ON FUNCTION bqx.verified_source TO bqx_runner, bqx_reader;
COMMENT ON FUNCTION bqx.verified_source IS
    'What a partition is computed from, as of now, for who verifies where no Java runs in the server.';
