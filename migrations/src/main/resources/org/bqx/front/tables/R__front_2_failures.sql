SET LOCAL ROLE bqx_owner;

SET LOCAL client_min_messages = warning;

CREATE TABLE IF NOT EXISTS bqx.unrecorded_failure (
    family text NOT NULL,
    pair text NOT NULL,
    month date NOT NULL,
    sqlstate text,
    error text NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (family, pair, month)
);
COMMENT ON TABLE bqx.unrecorded_failure IS
    'partitions that could not be computed since their node did not answer: it could not note that, either';
COMMENT ON COLUMN bqx.unrecorded_failure.family IS 'the family, or the target of a correlation';
COMMENT ON COLUMN bqx.unrecorded_failure.pair IS 'the pair';
COMMENT ON COLUMN bqx.unrecorded_failure.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.unrecorded_failure.sqlstate IS 'SQLSTATE of the attempt';
COMMENT ON COLUMN bqx.unrecorded_failure.error IS 'its message';
COMMENT ON COLUMN bqx.unrecorded_failure.failed_at IS 'when that was';
