SET LOCAL ROLE bqx_owner;
-- Not a word about each column that is there already.
SET LOCAL client_min_messages = warning;

-- The catalogue: a family's tables, its INSERT, its verification, report and dictionary are derived from it.
-- Repeatable, and safe to repeat, since the routines and views of every stage read it: a database may stop at
-- any of them.

-- What a family is. Filled by families/R__family_*.sql, the same in every database.
CREATE TABLE IF NOT EXISTS bqx.feature_definition (
    family text PRIMARY KEY CHECK (family ~ '^[a-z][a-z0-9]{0,14}$' AND family NOT IN ('m1', 'pair')),
    family_no smallint NOT NULL UNIQUE CHECK (family_no BETWEEN 1 AND 99),
    role text NOT NULL CHECK (role IN ('feature', 'target')),
    inputs text[] NOT NULL CHECK (inputs[1] = 'x' AND inputs <@
        '{x,o,h,l,open,high,low,close,volume,bid,ask,minute,related}' AND (
        NOT 'related' = ANY (inputs) OR inputs[cardinality(inputs)] = 'related')),
    related_max_age int CHECK (related_max_age >= 0),
    least_window int CHECK (least_window >= 1),
    default_windows int[] NOT NULL,
    tables_stage text NOT NULL,
    backfill_stage text NOT NULL,
    description text NOT NULL,
    CHECK (('related' = ANY (inputs)) = (related_max_age IS NOT NULL)),
    CHECK ((cardinality(default_windows) > 0) = (least_window IS NOT NULL))
);
ALTER TABLE bqx.feature_definition
    ADD COLUMN IF NOT EXISTS scope text NOT NULL DEFAULT 'pair' CHECK (scope IN ('pair', 'market'));
COMMENT ON TABLE bqx.feature_definition IS 'the families that bqx can compute';
COMMENT ON COLUMN bqx.feature_definition.family IS 'name of the family and of its table';
COMMENT ON COLUMN bqx.feature_definition.family_no IS 'part of a partition''s lock key and never reused';
COMMENT ON COLUMN bqx.feature_definition.role IS 'a target looks at bars after its own; a feature never does';
COMMENT ON COLUMN bqx.feature_definition.scope IS
    'pair: a row for each bar of a pair. market: a row for each minute at which a pair of the eight currencies of'
    ' bqx.related_pairs(''market'') has a bar; it stands where else a pair does, under the name market';
COMMENT ON COLUMN bqx.feature_definition.inputs IS
    'columns of bars that the family''s Java reads, in this order. x is rate_index; o, h, l are open, high, low'
    ' / baseline * 100; minute is minutes since 1970 UTC; the others are columns of bqx.m1. related, the last, is'
    ' for each other currency, in alphabetical order, its pair with the base, then that with the quote: x'
    ' (negative where that pair falls when this one rises), close, and the value''s age in minutes. Of the market x is'
    ' 100, and related is for each two of the eight currencies their pair''s x, no more';
COMMENT ON COLUMN bqx.feature_definition.related_max_age IS 'minutes; a related pair''s older value is absent';
COMMENT ON COLUMN bqx.feature_definition.tables_stage IS 'the schema stage that makes its tables';
COMMENT ON COLUMN bqx.feature_definition.backfill_stage IS 'the stage that is complete when every partition is done';
COMMENT ON COLUMN bqx.feature_definition.least_window IS 'shortest window in bars; NULL for a family without windows';
COMMENT ON COLUMN bqx.feature_definition.default_windows IS
    'windows in bars, ascending, where none are asked for; {} for a family without windows';
COMMENT ON COLUMN bqx.feature_definition.description IS 'what the family says, in a few words';

-- The metrics of a family, in the order of its Java function where two need equally many bars.
CREATE TABLE IF NOT EXISTS bqx.feature_metric (
    family text NOT NULL,
    metric_no smallint NOT NULL,
    metric text NOT NULL,
    windows int[],
    needs_windows smallint NOT NULL DEFAULT 1,
    needs_bars int NOT NULL DEFAULT 0,
    ahead_windows smallint NOT NULL DEFAULT 0,
    ahead_bars int NOT NULL DEFAULT 0,
    undefined_when text,
    lowest double precision NOT NULL DEFAULT '-Infinity',
    highest double precision NOT NULL DEFAULT 'Infinity',
    range_scale text NOT NULL DEFAULT '1' CHECK (range_scale IN ('1', 'W', 'sqrt(W)', '(W-1)/sqrt(W)')),
    tolerance double precision NOT NULL DEFAULT 1e-11,
    tolerance_power smallint NOT NULL DEFAULT 0,
    averaged boolean NOT NULL DEFAULT false,
    drawn text CHECK (drawn IN ('one window', 'every window')),
    unit text NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (family, metric_no)
);
ALTER TABLE bqx.feature_metric ADD COLUMN IF NOT EXISTS level boolean NOT NULL DEFAULT false;
COMMENT ON TABLE bqx.feature_metric IS 'what a family computes for each of its windows W; bqx.feature_column has the columns';
COMMENT ON COLUMN bqx.feature_metric.family IS 'the family';
COMMENT ON COLUMN bqx.feature_metric.metric_no IS 'its place in the family''s list of metrics, from 1';
COMMENT ON COLUMN bqx.feature_metric.metric IS 'its name, with which the column''s name ends';
COMMENT ON COLUMN bqx.feature_metric.windows IS 'windows of this metric alone; NULL for those of the family, {} for none';
COMMENT ON COLUMN bqx.feature_metric.needs_windows IS 'a row needs needs_windows * W + needs_bars bars before its own';
COMMENT ON COLUMN bqx.feature_metric.needs_bars IS 'see needs_windows';
COMMENT ON COLUMN bqx.feature_metric.ahead_windows IS 'and reads ahead_windows * W + ahead_bars bars after its own';
COMMENT ON COLUMN bqx.feature_metric.ahead_bars IS 'see ahead_windows; above 0 for targets alone';
COMMENT ON COLUMN bqx.feature_metric.undefined_when IS 'when the value is NULL although the bars are there; NULL for never';
COMMENT ON COLUMN bqx.feature_metric.lowest IS 'least value that is possible, times range_scale; -Infinity for none';
COMMENT ON COLUMN bqx.feature_metric.highest IS 'greatest value that is possible, times range_scale; Infinity for none';
COMMENT ON COLUMN bqx.feature_metric.range_scale IS 'lowest and highest are multiples of this';
COMMENT ON COLUMN bqx.feature_metric.tolerance IS
    'how far from the reference a value may be, beside 1e-9 of it: tolerance / (W-1)^tolerance_power';
COMMENT ON COLUMN bqx.feature_metric.tolerance_power IS 'see tolerance';
COMMENT ON COLUMN bqx.feature_metric.averaged IS 'whether verification reports the column''s average';
COMMENT ON COLUMN bqx.feature_metric.level IS
    'whether it is an index that lies near rate_index: the view bqx.{family}_rel has it relative to that';
COMMENT ON COLUMN bqx.feature_metric.drawn IS 'whether and how a report draws it';
COMMENT ON COLUMN bqx.feature_metric.unit IS 'unit of the values';
COMMENT ON COLUMN bqx.feature_metric.description IS 'what the values are';

-- The slack of holds is for rounding: relative to the indexes 1e-12, to a value alone 1e-9. It is finite where
-- the rules before bound it, so that no NULL, NaN or infinity, in whichever column, keeps all of them. A metric
-- that has a rule is not checked otherwise.
--
-- Every row of a month meets every rule, and what a rule costs is its number of operators. So there is
-- quick: where it is true of all rules of a window, so is holds. It asks for the bits that the kernel
-- gives, or for less slack: b.slack is 1e-12 * x, b.inverse 1 / x, b.previous the index before.
CREATE TABLE IF NOT EXISTS bqx.feature_rule (
    family text NOT NULL,
    metric text NOT NULL,
    rule text NOT NULL,
    expected text,
    holds text NOT NULL,
    quick text,
    PRIMARY KEY (family, metric, rule)
);
COMMENT ON TABLE bqx.feature_rule IS
    'what bqx.verify asks of every row, as SQL over p, the row, and b, its bar: b.x is its rate_index, b.position'
    ' counts bars from 1 at the start of the lookback, $2[i] is the rate_index of bar i. %1$s is a column''s name up'
    ' to the metric, %2$s is W';
COMMENT ON COLUMN bqx.feature_rule.family IS 'the family';
COMMENT ON COLUMN bqx.feature_rule.metric IS 'the metric that the rule is about';
COMMENT ON COLUMN bqx.feature_rule.rule IS 'its name, by which a difference is reported';
COMMENT ON COLUMN bqx.feature_rule.expected IS 'what the column should be; NULL where the rule is an inequality';
COMMENT ON COLUMN bqx.feature_rule.holds IS 'the condition that every row must meet';
COMMENT ON COLUMN bqx.feature_rule.quick IS 'a cheaper condition that implies holds; NULL for holds itself';

-- Metrics that follow from columns: views offer them, nothing stores them.
CREATE TABLE IF NOT EXISTS bqx.feature_derived (
    family text NOT NULL,
    view_name text NOT NULL,
    metric_no smallint NOT NULL,
    metric text NOT NULL,
    expression text NOT NULL,
    unit text NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (family, view_name, metric_no)
);
COMMENT ON TABLE bqx.feature_derived IS 'metrics of views over a family''s table, for each of its windows';
COMMENT ON COLUMN bqx.feature_derived.family IS 'the family';
COMMENT ON COLUMN bqx.feature_derived.view_name IS 'the view that has the metric';
COMMENT ON COLUMN bqx.feature_derived.metric_no IS 'its place in the view, from 1';
COMMENT ON COLUMN bqx.feature_derived.metric IS 'its name, with which the column''s name ends';
COMMENT ON COLUMN bqx.feature_derived.expression IS
    'SQL over the family''s columns; as in bqx.feature_rule %1$s stands for the columns'' prefix, %2$s for W';
COMMENT ON COLUMN bqx.feature_derived.unit IS 'unit of the values';
COMMENT ON COLUMN bqx.feature_derived.description IS 'what the values are';

-- What of it this database computes.
ALTER TABLE bqx.feature
    ADD COLUMN IF NOT EXISTS enabled boolean NOT NULL DEFAULT true,
    ADD COLUMN IF NOT EXISTS functions_version text,
    DROP CONSTRAINT IF EXISTS feature_windows_check;
DO $$
BEGIN
    -- Up to stage 1.5.5.4 there is this column, which bqx.define_family knows nothing of.
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'bqx.feature'::regclass AND attname = 'metrics') THEN
        ALTER TABLE bqx.feature ALTER COLUMN metrics DROP NOT NULL;
    END IF;
END
$$;
COMMENT ON TABLE bqx.feature IS 'the families of the stages that are here, and their windows in bars, ascending; bqx.define_family makes their tables';
COMMENT ON COLUMN bqx.feature.enabled IS 'whether it has tables and its partitions are computed; bqx.enable_family changes that';
COMMENT ON COLUMN bqx.feature.functions_version IS
    'revision of the family in the jar that is installed; NULL if that jar does not have it';

-- Beside the month and its lookback, a partition may have read bars after the month, and of other pairs.
ALTER TABLE bqx.partition_state
    ADD COLUMN IF NOT EXISTS source_to date,
    ADD COLUMN IF NOT EXISTS source_pairs text[],
    ADD COLUMN IF NOT EXISTS source_bars int,
    ADD COLUMN IF NOT EXISTS rows_open bigint,
    DROP CONSTRAINT IF EXISTS partition_state_last_write_check,
    ADD CONSTRAINT partition_state_last_write_check
        CHECK (last_write IN ('all rows', 'new rows', 'tail rows', 'no rows')),
    -- The market is no pair, and has no baseline.
    DROP CONSTRAINT IF EXISTS partition_state_pair_fkey,
    DROP CONSTRAINT IF EXISTS partition_state_check1,
    DROP CONSTRAINT IF EXISTS partition_state_done_check,
    ADD CONSTRAINT partition_state_done_check CHECK (state = 'failed' OR num_nulls(
        rows, source_from, source_revision, source_digest, windows, functions_version, last_write, last_rows) = 0
        AND (baseline_rate IS NULL) = (pair = 'market'));
DO $$
BEGIN
    -- A front's are on its nodes.
    IF (SELECT relkind FROM pg_class WHERE oid = 'bqx.partition_state'::regclass) = 'r' THEN
        UPDATE bqx.partition_state
        SET source_to = month, source_pairs = ARRAY[pair], rows_open = 0
        WHERE source_to IS NULL AND rows IS NOT NULL;
    END IF;
END
$$;
COMMENT ON COLUMN bqx.partition_state.source_from IS
    'first month whose bars the rows depend on; -infinity when the history was shorter than the longest lookback';
COMMENT ON COLUMN bqx.partition_state.source_to IS
    'last month whose bars the rows depend on; infinity while rows wait for bars that have not come';
COMMENT ON COLUMN bqx.partition_state.source_pairs IS 'pairs whose bars the rows depend on, the partition''s own among them';
COMMENT ON COLUMN bqx.partition_state.source_revision IS
    'sum of m1_month.revision of these pairs from source_from to source_to when the bars were read';
COMMENT ON COLUMN bqx.partition_state.source_bars IS
    'bars of the pair that were read: lookback, month and what follows it; NULL where an older release computed the rows';
COMMENT ON COLUMN bqx.partition_state.source_digest IS 'SHA-256 of times and inputs read, lookback included';
COMMENT ON COLUMN bqx.partition_state.rows_open IS 'rows that still lack a value, since the bars after them have not come';
COMMENT ON COLUMN bqx.partition_state.last_write IS
    'what the last computation wrote: the partition anew, the rows of appended bars, the rows that were open and the'
    ' new ones, or nothing since no bar it reads had changed';

-- Where a database stops before stage 1.5.2.2, which counts them.
ALTER TABLE bqx.m1_month ADD COLUMN IF NOT EXISTS quotes bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN bqx.m1_month.quotes IS 'bars of it that have bid and ask';

-- A pair's name is its base and its quote: gold and indexes are pairs too.
ALTER TABLE bqx.pair
    ADD COLUMN IF NOT EXISTS kept_from date NOT NULL DEFAULT '-infinity',
    DROP CONSTRAINT IF EXISTS pair_pair_check,
    DROP CONSTRAINT IF EXISTS pair_names_check,
    ADD CONSTRAINT pair_names_check CHECK (
        base ~ '^[a-z0-9]{2,5}$' AND quote ~ '^[a-z0-9]{2,5}$' AND pair <> 'market');

COMMENT ON COLUMN bqx.pair.kept_from IS
    'bqx.drop_months dropped the months before this one; bars that are there before it are lookback alone';

CREATE TABLE IF NOT EXISTS bqx.removal (
    removal_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    pair text NOT NULL,
    pair_no smallint,
    before_month date,
    bars bigint NOT NULL,
    partitions int NOT NULL,
    rows bigint NOT NULL,
    bytes bigint NOT NULL,
    role_name text NOT NULL DEFAULT session_user,
    removed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE bqx.removal IS 'what bqx.remove_pair and bqx.drop_months took away';
COMMENT ON COLUMN bqx.removal.removal_id IS 'number of the removal, ascending';
COMMENT ON COLUMN bqx.removal.pair IS 'the pair; market for the families of the market';
COMMENT ON COLUMN bqx.removal.pair_no IS 'of a pair that was removed as a whole; it is not given again';
COMMENT ON COLUMN bqx.removal.before_month IS 'months before this one were dropped; NULL for all';
COMMENT ON COLUMN bqx.removal.bars IS 'bars that went';
COMMENT ON COLUMN bqx.removal.partitions IS 'computed partitions that went';
COMMENT ON COLUMN bqx.removal.rows IS 'rows of these partitions';
COMMENT ON COLUMN bqx.removal.bytes IS 'bytes on disk that they took, indexes included';
COMMENT ON COLUMN bqx.removal.role_name IS 'who removed them';
COMMENT ON COLUMN bqx.removal.removed_at IS 'when';

-- Where bars are missing while the market was open, found by bqx.measure_bars.
CREATE TABLE IF NOT EXISTS bqx.bar_coverage (
    pair text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    revision bigint NOT NULL,
    first_bar timestamptz NOT NULL,
    last_bar timestamptz NOT NULL,
    bars bigint NOT NULL,
    missing bigint NOT NULL,
    measured_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (pair, month)
);
COMMENT ON TABLE bqx.bar_coverage IS
    'bars of a month beside the minutes that the market was open, from the pair''s first bar to its last';
COMMENT ON COLUMN bqx.bar_coverage.pair IS 'the pair';
COMMENT ON COLUMN bqx.bar_coverage.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.bar_coverage.revision IS 'm1_month.revision when the bars were looked at; another: look again';
COMMENT ON COLUMN bqx.bar_coverage.first_bar IS 'open time of the month''s first bar';
COMMENT ON COLUMN bqx.bar_coverage.last_bar IS 'open time of its last bar';
COMMENT ON COLUMN bqx.bar_coverage.bars IS 'bars of the month';
COMMENT ON COLUMN bqx.bar_coverage.missing IS 'minutes without a bar while the market was open';
COMMENT ON COLUMN bqx.bar_coverage.measured_at IS 'when the bars were looked at';

CREATE TABLE IF NOT EXISTS bqx.bar_gap (
    pair text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    from_time timestamptz NOT NULL,
    to_time timestamptz NOT NULL,
    minutes int NOT NULL,
    PRIMARY KEY (pair, from_time),
    CHECK (to_time > from_time AND minutes > 0)
);
COMMENT ON TABLE bqx.bar_gap IS 'from the first minute without a bar to the next bar: gaps of 30 minutes of an open market and more, 120 across a weekend';
COMMENT ON COLUMN bqx.bar_gap.pair IS 'the pair';
COMMENT ON COLUMN bqx.bar_gap.from_time IS 'the first minute without a bar';
COMMENT ON COLUMN bqx.bar_gap.to_time IS 'open time of the next bar';
COMMENT ON COLUMN bqx.bar_gap.minutes IS 'minutes of it while the market was open';

CREATE TABLE IF NOT EXISTS bqx.acknowledged_gap (
    pair text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    from_time timestamptz NOT NULL,
    to_time timestamptz NOT NULL,
    note text,
    role_name text NOT NULL DEFAULT session_user,
    acknowledged_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (pair, from_time)
);
COMMENT ON TABLE bqx.acknowledged_gap IS 'gaps that somebody knows of and that nothing warns of any more; another gap needs another word';
COMMENT ON COLUMN bqx.acknowledged_gap.pair IS 'the pair';
COMMENT ON COLUMN bqx.acknowledged_gap.from_time IS 'as in bqx.bar_gap';
COMMENT ON COLUMN bqx.acknowledged_gap.to_time IS 'as in bqx.bar_gap';
COMMENT ON COLUMN bqx.acknowledged_gap.note IS 'why it is known, as somebody wrote it; NULL for no reason given';
COMMENT ON COLUMN bqx.acknowledged_gap.role_name IS 'who acknowledged it';
COMMENT ON COLUMN bqx.acknowledged_gap.acknowledged_at IS 'when';

-- What somebody chose when the schema was made, so that a later migration keeps it.
CREATE TABLE IF NOT EXISTS bqx.setting (
    name text PRIMARY KEY,
    value text NOT NULL
);
ALTER TABLE bqx.setting
    DROP CONSTRAINT IF EXISTS setting_name_check,
    ADD CONSTRAINT setting_name_check CHECK (name IN ('baseline_date', 'engine')),
    DROP CONSTRAINT IF EXISTS setting_engine_check,
    ADD CONSTRAINT setting_engine_check CHECK (name <> 'engine' OR value IN ('server', 'client', 'nodes'));
COMMENT ON TABLE bqx.setting IS 'what was chosen when the schema was made';
COMMENT ON COLUMN bqx.setting.name IS 'baseline_date, or engine: where rows are computed';
COMMENT ON COLUMN bqx.setting.value IS 'of baseline_date a day, of engine server, client for ./bqx, or nodes for a front of several servers';
DO $$
BEGIN
    -- The release before kept it in a function.
    IF to_regprocedure('bqx.default_baseline_date()') IS NOT NULL THEN
        INSERT INTO bqx.setting (name, value)
        SELECT 'baseline_date', to_char(chosen, 'YYYY-MM-DD')
        FROM bqx.default_baseline_date() chosen
        WHERE chosen IS NOT NULL
        ON CONFLICT DO NOTHING;
    END IF;
END
$$;

DO $$
BEGIN
    IF to_regtype('bqx.source') IS NULL THEN
        CREATE TYPE bqx.source AS (
            times timestamptz[], inputs double precision[], bars int, skip int, tail int, open int, windows int[],
            from_month date, to_month date, pairs text[], baseline_rate double precision, revision bigint,
            digest text, bad_bars bigint, first_bad timestamptz);
    END IF;
    IF to_regtype('bqx.work') IS NULL THEN
        CREATE TYPE bqx.work AS (
            family text, pair text, month date, write text, table_name text, first_bar int,
            functions_version text, started timestamptz);
    END IF;
END
$$;
COMMENT ON TYPE bqx.source IS
    'what a partition is computed from: skip bars of lookback, the month''s bars, tail bars after it. inputs has'
    ' one column after the other, each of the same number of bars; the first is rate_index. open is how many rows of'
    ' the month wait for bars after it that have not come';
COMMENT ON TYPE bqx.work IS
    'what is being done to a partition between bqx.begin_partition and bqx.finish_partition: the rows of all bars'
    ' but the first first_bar ones, and the tail, go into table_name';

-- Partitions that a client computes, from bqx.begin_rows to bqx.finish_rows, which are one transaction: no other
-- transaction ever sees a row of it. It is where the server remembers what it has decided, out of the client's reach.
CREATE TABLE IF NOT EXISTS bqx.begun_work (
    transaction xid8 PRIMARY KEY,
    work bqx.work NOT NULL,
    source bqx.source NOT NULL,
    first_time timestamptz,
    last_time timestamptz
);
COMMENT ON TABLE bqx.begun_work IS 'what a client computes in this transaction';
COMMENT ON COLUMN bqx.begun_work.transaction IS 'the transaction';
COMMENT ON COLUMN bqx.begun_work.work IS 'what is being done';
COMMENT ON COLUMN bqx.begun_work.source IS 'what it is computed from, without times and inputs';
COMMENT ON COLUMN bqx.begun_work.first_time IS 'ts_utc of the first row that is wanted; NULL when none is';
COMMENT ON COLUMN bqx.begun_work.last_time IS 'ts_utc of the last one';

-- Columns that need less come first, so that a row with less history is a shorter array.
CREATE OR REPLACE VIEW bqx.feature_column AS
SELECT family,
    (row_number() OVER (PARTITION BY family ORDER BY needs, metric_no, window_length) + 1)::int AS element,
    CASE WHEN window_length IS NULL THEN '' ELSE 'w' || window_length || '_' END || family || '_' || metric AS column_name,
    metric, window_length, needs, ahead, undefined_when,
    lowest * scale AS lowest, highest * scale AS highest,
    tolerance / greatest(coalesce(window_length, 2) - 1, 1)::float8 ^ tolerance_power AS tolerance,
    averaged, drawn, unit, description, level
FROM (
    SELECT m.*, w.window_length,
        coalesce(m.needs_windows * w.window_length, 0) + m.needs_bars AS needs,
        coalesce(m.ahead_windows * w.window_length, 0) + m.ahead_bars AS ahead,
        CASE m.range_scale
            WHEN '1' THEN 1
            WHEN 'W' THEN w.window_length
            WHEN 'sqrt(W)' THEN sqrt(w.window_length)
            ELSE (w.window_length - 1) / sqrt(w.window_length)
        END AS scale
    FROM bqx.feature f
    JOIN bqx.feature_metric m ON m.family = f.family
    LEFT JOIN LATERAL unnest(coalesce(m.windows, f.windows)) w (window_length) ON true
) metric;
COMMENT ON VIEW bqx.feature_column IS 'every column of every family of the stages that are here';
COMMENT ON COLUMN bqx.feature_column.family IS 'the family';
COMMENT ON COLUMN bqx.feature_column.element IS
    'place in the arrays that the family''s Java returns, where element 1 is rate_index';
COMMENT ON COLUMN bqx.feature_column.column_name IS
    'name of the column: w{W}_{family}_{metric}, or {family}_{metric} without a window';
COMMENT ON COLUMN bqx.feature_column.metric IS 'its metric';
COMMENT ON COLUMN bqx.feature_column.window_length IS 'its window W in bars; NULL without one';
COMMENT ON COLUMN bqx.feature_column.needs IS
    'bars before a row''s own that the value needs: NULL in the first rows of the history, so many';
COMMENT ON COLUMN bqx.feature_column.ahead IS 'bars after a row''s own that it reads; above 0 for targets alone';
COMMENT ON COLUMN bqx.feature_column.undefined_when IS
    'when the value is NULL although the bars are there; NULL for never';
COMMENT ON COLUMN bqx.feature_column.lowest IS 'least value that is possible; -Infinity for none';
COMMENT ON COLUMN bqx.feature_column.highest IS 'greatest value that is possible; Infinity for none';
COMMENT ON COLUMN bqx.feature_column.tolerance IS 'how far from the reference a value may be, beside 1e-9 of it';
COMMENT ON COLUMN bqx.feature_column.averaged IS 'whether verification reports the column''s average';
COMMENT ON COLUMN bqx.feature_column.drawn IS 'whether and how a report draws it';
COMMENT ON COLUMN bqx.feature_column.unit IS 'unit of the values';
COMMENT ON COLUMN bqx.feature_column.description IS 'what the values are';
COMMENT ON COLUMN bqx.feature_column.level IS 'whether the view bqx.{family}_rel has it relative to rate_index';

-- The families of the stages that are here, with all that is known of them.
CREATE OR REPLACE VIEW bqx.family AS
SELECT f.family, f.family_no, d.role, d.inputs, d.related_max_age, d.least_window, f.windows,
    reach.lookback, reach.lookahead, reach.columns, f.enabled, f.functions_version,
    d.tables_stage, d.backfill_stage, d.description, d.scope
FROM bqx.feature f
JOIN bqx.feature_definition d ON d.family = f.family
CROSS JOIN LATERAL (
    SELECT max(coalesce(m.needs_windows * w.window_length, 0) + m.needs_bars) AS lookback,
        max(coalesce(m.ahead_windows * w.window_length, 0) + m.ahead_bars) AS lookahead,
        count(*)::int AS columns
    FROM bqx.feature_metric m
    LEFT JOIN LATERAL unnest(coalesce(m.windows, f.windows)) w (window_length) ON true
    WHERE m.family = f.family
) reach;
COMMENT ON VIEW bqx.family IS 'the families of the stages that are here; lookback and lookahead in bars';
COMMENT ON COLUMN bqx.family.family IS 'name of the family and of its table';
COMMENT ON COLUMN bqx.family.family_no IS 'part of a partition''s lock key and never reused';
COMMENT ON COLUMN bqx.family.role IS 'feature, or target: it looks at bars after its own';
COMMENT ON COLUMN bqx.family.inputs IS 'columns of bars that it reads, see bqx.feature_definition';
COMMENT ON COLUMN bqx.family.related_max_age IS
    'minutes; a related pair''s older value is absent. NULL for a family of one pair''s bars';
COMMENT ON COLUMN bqx.family.least_window IS 'shortest window in bars; NULL for a family without windows';
COMMENT ON COLUMN bqx.family.windows IS 'windows in bars, ascending, in this database';
COMMENT ON COLUMN bqx.family.lookback IS 'most bars before a row''s own that a column needs';
COMMENT ON COLUMN bqx.family.lookahead IS 'most bars after a row''s own that a column reads';
COMMENT ON COLUMN bqx.family.columns IS 'how many columns it has, beside pair, ts_utc and rate_index';
COMMENT ON COLUMN bqx.family.enabled IS 'whether it has tables and its partitions are computed';
COMMENT ON COLUMN bqx.family.functions_version IS 'revision of the family in the jar that is installed';
COMMENT ON COLUMN bqx.family.tables_stage IS 'the schema stage that makes its tables';
COMMENT ON COLUMN bqx.family.backfill_stage IS 'the stage that is complete when every partition is done';
COMMENT ON COLUMN bqx.family.description IS 'what the family says, in a few words';
COMMENT ON COLUMN bqx.family.scope IS 'pair, or market: one row a minute for all pairs together';

-- The columns of the views that bqx.feature_derived describes, and of those that have a family's levels relative to
-- rate_index.
CREATE OR REPLACE VIEW bqx.derived_column AS
SELECT d.family, d.view_name, d.metric_no::int AS metric_no, w.window_length,
    prefix.name || d.metric AS column_name,
    format(d.expression, prefix.name, w.window_length) AS expression,
    d.metric, d.unit, d.description
FROM bqx.feature_derived d
JOIN bqx.feature f ON f.family = d.family
LEFT JOIN LATERAL unnest(f.windows) w (window_length) ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN w.window_length IS NULL THEN '' ELSE 'w' || w.window_length || '_' END || d.family || '_' AS name
) prefix
UNION ALL
SELECT c.family, c.family || '_rel', c.element, c.window_length,
    c.column_name || '_rel',
    format('%I / rate_index - 1', c.column_name),
    c.metric || '_rel', 'ratio', format('%s / rate_index - 1: %s', c.column_name, c.description)
FROM bqx.feature_column c
WHERE c.level;
COMMENT ON VIEW bqx.derived_column IS 'every column of every view over a family''s table';
COMMENT ON COLUMN bqx.derived_column.family IS 'the family';
COMMENT ON COLUMN bqx.derived_column.view_name IS 'the view';
COMMENT ON COLUMN bqx.derived_column.metric_no IS 'place among the view''s metrics';
COMMENT ON COLUMN bqx.derived_column.window_length IS 'its window W in bars; NULL without one';
COMMENT ON COLUMN bqx.derived_column.column_name IS 'name of the column';
COMMENT ON COLUMN bqx.derived_column.expression IS 'SQL over the columns of the family''s table';
COMMENT ON COLUMN bqx.derived_column.metric IS 'its metric';
COMMENT ON COLUMN bqx.derived_column.unit IS 'unit of the values';
COMMENT ON COLUMN bqx.derived_column.description IS 'what the values are';
