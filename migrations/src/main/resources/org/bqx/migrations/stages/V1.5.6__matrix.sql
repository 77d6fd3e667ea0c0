SET LOCAL ROLE bqx_owner;

-- Feature matrices. What was asked for by patterns is kept as the columns that it was when the matrix was defined:
-- a model that was fitted on it needs these, in this order, whatever the catalogue offers later.
CREATE TABLE bqx.matrix (
    name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,47}$'),
    pairs text[] NOT NULL CHECK (cardinality(pairs) > 0 AND array_position(pairs, NULL) IS NULL),
    columns text[] NOT NULL CHECK (cardinality(columns) > 0 AND array_position(columns, NULL) IS NULL),
    lags int[] NOT NULL CHECK (0 < ALL (lags)),
    lag_columns text[] NOT NULL CHECK (lag_columns <@ columns),
    related_pairs text[] NOT NULL,
    related_columns text[] NOT NULL,
    related_max_age int CHECK (related_max_age >= 0),
    target_w int CHECK (target_w >= 2),
    target_h int CHECK (target_h >= 1),
    from_time timestamptz,
    to_time timestamptz,
    train_until timestamptz NOT NULL CHECK (isfinite(train_until)),
    validate_until timestamptz NOT NULL CHECK (isfinite(validate_until)),
    embargo int NOT NULL CHECK (embargo >= 0),
    asked jsonb NOT NULL CHECK (jsonb_typeof(asked) = 'object'),
    role_name text NOT NULL DEFAULT session_user,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK ((target_w IS NULL) = (target_h IS NULL)),
    CHECK ((cardinality(lags) = 0) = (cardinality(lag_columns) = 0)),
    CHECK ((cardinality(related_pairs) = 0) = (cardinality(related_columns) = 0)),
    CHECK (from_time < to_time),
    CHECK (train_until <= validate_until)
);
COMMENT ON TABLE bqx.matrix IS
    'feature matrices by name, made by bqx.define_matrix; bqx.matrix_column lists the columns, bqx.matrix_query gives the SQL';
COMMENT ON COLUMN bqx.matrix.name IS 'name of the matrix';
COMMENT ON COLUMN bqx.matrix.pairs IS 'pairs that have rows, in order';
COMMENT ON COLUMN bqx.matrix.columns IS 'of the pair itself, in order, as bqx.matrix_source names them';
COMMENT ON COLUMN bqx.matrix.lags IS 'bars of the pair; each of lag_columns is there once more for each of them';
COMMENT ON COLUMN bqx.matrix.lag_columns IS 'columns that are there earlier, too; see lags';
COMMENT ON COLUMN bqx.matrix.related_pairs IS 'each of related_columns is there once more for each of these pairs';
COMMENT ON COLUMN bqx.matrix.related_columns IS 'columns of related pairs, as bqx.matrix_source names them';
COMMENT ON COLUMN bqx.matrix.related_max_age IS
    'minutes; a related pair''s last row that is no older stands for that of the same minute. NULL: the same minute alone';
COMMENT ON COLUMN bqx.matrix.target_w IS 'window of the target, bqx.target; NULL for a matrix without one';
COMMENT ON COLUMN bqx.matrix.target_h IS 'bars from a row to the bar that its target is of';
COMMENT ON COLUMN bqx.matrix.from_time IS 'first instant; NULL for each pair''s baseline bar';
COMMENT ON COLUMN bqx.matrix.to_time IS 'end, excluded; NULL for none';
COMMENT ON COLUMN bqx.matrix.train_until IS 'rows whose target is of a bar before this one are for training';
COMMENT ON COLUMN bqx.matrix.validate_until IS
    'rows from train_until on whose target is of a bar before this one are for validation, those from here on for the test';
COMMENT ON COLUMN bqx.matrix.embargo IS 'bars at the start of validation and test that belong to no split';
COMMENT ON COLUMN bqx.matrix.asked IS 'what bqx.define_matrix was given';
COMMENT ON COLUMN bqx.matrix.role_name IS 'who defined it';
COMMENT ON COLUMN bqx.matrix.created_at IS 'when';
