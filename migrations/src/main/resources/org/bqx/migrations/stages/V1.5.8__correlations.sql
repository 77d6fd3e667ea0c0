SET LOCAL ROLE bqx_owner;

-- How each feature of a pair went with a target in a month. What is computed, and how it stands with it, is in
-- bqx.correlation and bqx.target_corr_state.
CREATE TABLE bqx.target_corr (
    pair text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    target text NOT NULL,
    feature text NOT NULL,
    w int NOT NULL,
    n int NOT NULL,
    corr_mean double precision,
    corr_sd double precision,
    corr_min double precision,
    corr_p10 double precision,
    corr_median double precision,
    corr_p90 double precision,
    corr_max double precision,
    placebo_median_abs double precision,
    median_abs double precision,
    pearson double precision,
    spearman double precision,
    pairs int NOT NULL,
    pearson_thin double precision,
    mutual_information double precision,
    source_from date NOT NULL,
    source_to date NOT NULL,
    source_revision bigint NOT NULL,
    functions_version text NOT NULL,
    PRIMARY KEY (pair, month, target, feature, w)
);
COMMENT ON TABLE bqx.target_corr IS
    'how each feature of a pair went with a target in a month; rolling correlations over w bars, and of the month as a'
    ' whole. Known only when the last target is: no feature';
COMMENT ON COLUMN bqx.target_corr.pair IS 'the pair';
COMMENT ON COLUMN bqx.target_corr.month IS 'first day';
COMMENT ON COLUMN bqx.target_corr.target IS 'w{W}_h{H}: w{W}_bqx_return of the H-th bar after';
COMMENT ON COLUMN bqx.target_corr.feature IS 'the column that was correlated with it';
COMMENT ON COLUMN bqx.target_corr.w IS 'bars of a rolling correlation, its own among them';
COMMENT ON COLUMN bqx.target_corr.n IS 'bars of the month with a rolling correlation; below 60 nothing is said of them';
COMMENT ON COLUMN bqx.target_corr.corr_mean IS 'mean of the rolling correlations';
COMMENT ON COLUMN bqx.target_corr.corr_sd IS 'their sample standard deviation';
COMMENT ON COLUMN bqx.target_corr.corr_min IS 'their least';
COMMENT ON COLUMN bqx.target_corr.corr_p10 IS 'their 10 % quantile, by linear interpolation';
COMMENT ON COLUMN bqx.target_corr.corr_median IS 'their median';
COMMENT ON COLUMN bqx.target_corr.corr_p90 IS 'their 90 % quantile';
COMMENT ON COLUMN bqx.target_corr.corr_max IS 'their greatest';
COMMENT ON COLUMN bqx.target_corr.placebo_median_abs IS
    'median_abs with the target of 28,800 bars before: what chance gives; NULL where the history is too short';
COMMENT ON COLUMN bqx.target_corr.median_abs IS 'median of the rolling correlations by amount';
COMMENT ON COLUMN bqx.target_corr.pearson IS
    'Pearson''s correlation over all complete pairs of the month, the same for each w';
COMMENT ON COLUMN bqx.target_corr.spearman IS 'that of the mid-ranks';
COMMENT ON COLUMN bqx.target_corr.pairs IS
    'bars of the month with feature and target; below 60 nothing is said of them';
COMMENT ON COLUMN bqx.target_corr.pearson_thin IS
    'pearson over every H-th bar from the month''s first on, H being the target''s horizon';
COMMENT ON COLUMN bqx.target_corr.mutual_information IS
    'nats; 16 bins a side of equally many bars, corrected for the cells used, not below 0';
COMMENT ON COLUMN bqx.target_corr.source_from IS 'first month that was read; -infinity where the history is short';
COMMENT ON COLUMN bqx.target_corr.source_to IS
    'last month that was read; infinity while the month''s last targets have not come';
COMMENT ON COLUMN bqx.target_corr.source_revision IS
    'sum of the pair''s m1_month.revision from source_from to source_to when these rows were written';
COMMENT ON COLUMN bqx.target_corr.functions_version IS 'revision of the Java that computed the row';

-- Features by what they have in common with the target where no two pairs share a bar of it.
CREATE VIEW bqx.feature_ranking AS
SELECT DISTINCT ON (c.pair, c.target, c.month, place.rank, c.feature)
    c.pair, c.target, c.month, place.rank, c.feature, c.pearson_thin, c.pearson, c.spearman, c.mutual_information,
    c.w, c.median_abs, c.placebo_median_abs
FROM bqx.target_corr c
JOIN (
    SELECT pair, target, month, feature,
        rank() OVER (PARTITION BY pair, target, month ORDER BY abs(max(pearson_thin)) DESC NULLS LAST) AS rank
    FROM bqx.target_corr
    GROUP BY pair, target, month, feature
) place USING (pair, target, month, feature)
ORDER BY c.pair, c.target, c.month, place.rank, c.feature, c.w;
COMMENT ON VIEW bqx.feature_ranking IS
    'features of a pair and month by the amount of pearson_thin, and of the shortest w the rolling correlations beside the placebo';
COMMENT ON COLUMN bqx.feature_ranking.rank IS
    '1 for the greatest amount of pearson_thin of the pair, target and month; equal ones share it';

-- How the pairs went with each other on a day.
CREATE TABLE bqx.pair_corr_day (
    day date NOT NULL,
    pair_a text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    pair_b text NOT NULL REFERENCES bqx.pair ON DELETE CASCADE,
    n int NOT NULL,
    pearson double precision,
    PRIMARY KEY (day, pair_a, pair_b),
    CHECK (pair_a < pair_b)
);
COMMENT ON TABLE bqx.pair_corr_day IS
    'Pearson''s correlation of one-minute returns of each two pairs on a UTC day, over the minutes at which all pairs'
    ' that traded that day have a bar and had one a minute before';
COMMENT ON COLUMN bqx.pair_corr_day.day IS 'the day (UTC)';
COMMENT ON COLUMN bqx.pair_corr_day.pair_a IS 'the pair that comes first in the alphabet';
COMMENT ON COLUMN bqx.pair_corr_day.pair_b IS 'the other one';
COMMENT ON COLUMN bqx.pair_corr_day.n IS 'these minutes; 0 where one of the two did not trade';
COMMENT ON COLUMN bqx.pair_corr_day.pearson IS 'NULL below 60 minutes, and where one of the two did not move';

CREATE TABLE bqx.pair_corr_month (
    month date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    source_revision bigint NOT NULL,
    filled_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE bqx.pair_corr_month IS 'the months whose days bqx.pair_corr_day has';
COMMENT ON COLUMN bqx.pair_corr_month.month IS 'first day of the month (UTC)';
COMMENT ON COLUMN bqx.pair_corr_month.source_revision IS
    'sum of m1_month.revision of all pairs, of this month and the one before; another now: the days are stale';
COMMENT ON COLUMN bqx.pair_corr_month.filled_at IS 'when its days were computed';

CREATE VIEW bqx.pair_corr_matrix AS
SELECT d.day, d.minutes, d.pairs,
    ARRAY(
        SELECT ARRAY(
            SELECT CASE WHEN a.pair <> b.pair THEN c.pearson WHEN EXISTS (
                SELECT FROM bqx.pair_corr_day own
                WHERE own.day = d.day AND a.pair IN (own.pair_a, own.pair_b) AND own.pearson IS NOT NULL) THEN 1 END
            FROM unnest(d.pairs) WITH ORDINALITY b (pair, no)
            LEFT JOIN bqx.pair_corr_day c
                ON c.day = d.day AND c.pair_a = least(a.pair, b.pair) AND c.pair_b = greatest(a.pair, b.pair)
            ORDER BY b.no)
        FROM unnest(d.pairs) WITH ORDINALITY a (pair, no)
        ORDER BY a.no) AS pearson
FROM (
    SELECT c.day, max(c.n) AS minutes, array_agg(DISTINCT p.pair ORDER BY p.pair) AS pairs
    FROM bqx.pair_corr_day c
    CROSS JOIN LATERAL (VALUES (c.pair_a), (c.pair_b)) p (pair)
    GROUP BY c.day
) d;
COMMENT ON VIEW bqx.pair_corr_matrix IS
    'bqx.pair_corr_day as one matrix a day, its rows and columns in the order of pairs';
COMMENT ON COLUMN bqx.pair_corr_matrix.day IS 'the day (UTC)';
COMMENT ON COLUMN bqx.pair_corr_matrix.minutes IS 'the minutes that the correlations are over';
COMMENT ON COLUMN bqx.pair_corr_matrix.pairs IS 'names of the rows and columns of pearson, in alphabetical order';
COMMENT ON COLUMN bqx.pair_corr_matrix.pearson IS 'the correlations; 1 on the diagonal, NULL where there is none';
