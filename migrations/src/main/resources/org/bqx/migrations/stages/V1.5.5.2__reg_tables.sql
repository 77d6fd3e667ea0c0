SET LOCAL ROLE bqx_owner;

SELECT bqx.create_family('reg', 2, 3, '{${reg_windows}}', ARRAY[
    'a', 'b', 'c', 'a_term', 'b_term', 'r2', 'rmse', 'resid_end', 'endpoint']);

-- The regression's value at the window's end, yhat_end = a_term + b_term + c, for each window.
DO $$
BEGIN
    EXECUTE format('CREATE VIEW bqx.reg_yhat AS SELECT pair, ts_utc, rate_index, %s FROM bqx.reg', (
        SELECT string_agg(format('w%1$s_reg_a_term + w%1$s_reg_b_term + w%1$s_reg_c AS w%1$s_reg_yhat_end', w), ', '
            ORDER BY w)
        FROM bqx.feature, unnest(windows) w
        WHERE family = 'reg'));
END
$$;
