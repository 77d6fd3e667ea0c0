SET LOCAL ROLE bqx_owner;

ALTER TABLE bqx.m1 ADD COLUMN bid_close double precision, ADD COLUMN ask_close double precision;
COMMENT ON COLUMN bqx.m1.bid_close IS 'last bid of the minute; NULL where the source has none';
COMMENT ON COLUMN bqx.m1.ask_close IS 'last ask of the minute; NULL where the source has none';
