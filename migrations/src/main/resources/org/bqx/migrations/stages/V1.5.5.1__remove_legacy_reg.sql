SELECT bqx.remove_legacy_tables('reg', '${legacy_tables}');
DROP FUNCTION bqx.remove_legacy_tables;
