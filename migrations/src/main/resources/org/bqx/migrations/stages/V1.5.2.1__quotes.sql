SET LOCAL ROLE bqx_owner;

ALTER TABLE bqx.m1 ADD COLUMN bid_close double precision, ADD COLUMN ask_close double precision;
COMMENT ON COLUMN bqx.m1.bid_close IS 'the bid at the bar''s end, NULL where the source does not tell it';
COMMENT ON COLUMN bqx.m1.ask_close IS 'the ask at the bar''s end, NULL where the source does not tell it';
